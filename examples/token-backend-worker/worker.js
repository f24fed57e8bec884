/**
 * A backend that gives the chat its tokens, as a Cloudflare Worker in front of your site (see wrangler.toml). The API key is a
 * secret: `wrangler secret put API_KEY`.
 */

/** A token is given as long as it has this long to live, in milliseconds. The widget renews it five minutes before its end. */
const LEAST_LIFE_MS = 10 * 60_000;
/** Tokens by their users, for as long as this isolate lives. Sign-in allows five a minute and user. */
const tokens = new Map();

/** Returns the user of the API who is signed in to the site; null when none is. Put your site's own session here. */
function signedInUser(request) {
  const cookies = new URLSearchParams((request.headers.get('cookie') ?? '').replaceAll('; ', '&'));
  return cookies.get('user');
}

async function tokenOf(user, { API, ORGANIZATION, API_KEY_ID, API_KEY }) {
  const kept = tokens.get(user);
  if (kept !== undefined && Date.parse(kept.expires_at) - Date.now() > LEAST_LIFE_MS) return kept;
  const answer = await fetch(`${API}/v1/${ORGANIZATION}/user/signin_with_api_key`, {
    method: 'POST',
    headers: { 'x-api-key': API_KEY, 'x-api-key-id': API_KEY_ID, 'x-user-id': user },
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) throw new Error(`The API answered ${answer.status}.`);
  const { id_token, expires_at } = await answer.json();
  tokens.set(user, { id_token, expires_at });
  return { id_token, expires_at };
}

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/chat-token') return env.ASSETS.fetch(request);
    // A page of another site must not get the visitor's token with the visitor's cookies.
    const isOwnPage = request.headers.get('sec-fetch-site') === 'same-origin';
    if (request.method !== 'POST' || !isOwnPage) return new Response(null, { status: 403 });
    const user = signedInUser(request);
    if (user === null) return new Response(null, { status: 401 });
    try {
      return Response.json(await tokenOf(user, env), { headers: { 'cache-control': 'no-store' } });
    } catch (error) {
      console.error(error);
      return new Response(null, { status: 502 });
    }
  },
};
