/** The claims of a token. Only the API can tell whether they are true; the page relies on them for its own display. */
import { bytesOfBase64 } from './base64.ts';

/** The claims of a token that the page reads. */
export interface TokenClaims {
  /** The user, as the issuer names them; null when the token does not say. */
  user: string | null;
  /** True when the API itself issued it, so that its user is the API's. */
  isOfApi: boolean;
  /** When it ends, in milliseconds since 1970; null when the token does not say. */
  endsAt: number | null;
}

/** The `iss` of the API's own tokens (src/edge/tokens.ts). */
const API_ISSUER = 'conversation-api';

function payloadOf(token: string): Record<string, unknown> {
  try {
    const base64 = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    return Object(JSON.parse(new TextDecoder().decode(bytesOfBase64(base64)))) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The claims of a JSON Web Token (RFC 7519); of anything else, none. Nothing is verified. */
export function claimsOf(token: string): TokenClaims {
  const { sub, iss, exp } = payloadOf(token);
  return {
    user: typeof sub === 'string' ? sub : null,
    isOfApi: iss === API_ISSUER,
    endsAt: typeof exp === 'number' ? exp * 1_000 : null,
  };
}
