/** Publication of a file by the API of a deployment, with the token of its operator. */
import type { Publication } from '../../src/registry/publication.ts';

/** Time that a deployment may take for a publication, in milliseconds. */
const ANSWER_MS = 130_000;

/** Changes of a publication, and its revision; null if nothing was published. */
export interface ServerAnswer {
  changes: Publication['changes'];
  notes: string[];
  /** Left out by a server of an earlier version. */
  hints?: string[];
  revision: number | null;
}

/** Thrown if a deployment refuses a file, or does not answer. Each line says what is wrong. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

interface Problem {
  detail?: string;
  errors?: { msg: string }[];
  error_count?: number;
}

/** Options of a publication. `dry_run` publishes nothing. */
export interface ServerOptions {
  bump: boolean;
  release: boolean;
  dry_run: boolean;
}

/** Publishes the text of a file of an organization to a deployment. Throws `ServerRefusal` with everything that is wrong. */
export async function publishToServer(
  origin: string,
  token: string,
  { organization, text }: { organization: string; text: string },
  options: ServerOptions,
): Promise<ServerAnswer> {
  const url = new URL(`/v1/${organization}/organization/import`, origin);
  for (const [name, value] of Object.entries(options)) url.searchParams.set(name, String(value));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: text,
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (response.ok) return (await response.json()) as ServerAnswer;
  const problem = (await response.json().catch(() => ({}))) as Problem;
  const { detail = `The deployment answered ${response.status}.`, errors = [], error_count = 0 } = problem;
  const rest = error_count - errors.length;
  const lines = [...errors.map(({ msg }) => msg), ...(rest > 0 ? [`… and ${rest} more`] : [])];
  throw new ServerRefusal(lines.length > 0 ? lines : [detail]);
}
