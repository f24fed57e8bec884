/** Changes of the registry by operations: the caller, the headers of a change, and the headers of its answer. */
import type { Context } from 'hono';
import { readIdempotencyKey } from '../conversation/turns/idempotency.ts';
import { sha256Hex } from '../digest.ts';
import type { AppEnv } from '../edge/context.ts';
import { REVISION_HEADER } from '../edge/credentials.ts';
import { invalidRequest } from '../edge/input.ts';
import { logChange } from '../log.ts';
import { changeRegistry } from '../registry/object/client.ts';
import type { Actor, Changed, ChangeOptions, Command } from '../registry/object/commands.ts';
import { unwrap } from '../problems.ts';
import { canonicalJson } from '../text.ts';
import { signedIn } from './operation.ts';

/** Returns who asks, as the registry wants to know it. */
export function actorOf(c: Context<AppEnv>): Actor {
  return signedIn(c).caller;
}

function refused(name: string, msg: string) {
  return invalidRequest([{ loc: ['header', name], msg, type: 'value_error' }]);
}

/** Reads the headers of a change. Throws 422 for one that cannot be followed. */
async function optionsOf(c: Context<AppEnv>, operation: string, body: unknown): Promise<ChangeOptions> {
  const options: ChangeOptions = { operation };
  const key = unwrap(readIdempotencyKey(c.req.header('idempotency-key')));
  if (key !== null) {
    const digest = await sha256Hex(canonicalJson([c.req.method, c.req.path, body]));
    options.repeatable = { key, digest };
  }
  const match = c.req.header('if-match');
  if (match !== undefined && match !== '*') {
    const [, revision] = /^"?(\d{1,15})"?$/.exec(match) ?? [];
    if (revision === undefined)
      throw refused('if-match', `must be a revision, as ${REVISION_HEADER} tells it`);
    options.if_match = Number(revision);
  }
  return options;
}

/** Makes a change of the registry for the caller, and tells its revision in the answer. `body` is what was asked for. */
export async function change(
  c: Context<AppEnv>,
  operation: string,
  command: Command,
  body: unknown,
): Promise<Changed> {
  const actor = actorOf(c);
  const changed = await changeRegistry(c.env, actor, command, await optionsOf(c, operation, body));
  c.header(REVISION_HEADER, String(changed.revision));
  if (changed.repeated === true) c.header('idempotent-replayed', 'true');
  else {
    logChange({
      operation,
      organization: actor.organization,
      actor: actor.user_id,
      object: changed.about.id,
      request_id: actor.request_id,
    });
  }
  return changed;
}
