import { userInfo } from 'node:os';
import { logChange } from '../src/log.ts';

/** Returns the account that runs this script. A container may have none: then `userInfo` throws. */
function account(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

/** Logs a publication: a line of the audit trail, like those of the server (docs/access.md). */
export function logPublication(organization: string): void {
  logChange({
    operation: 'publish-organization',
    organization,
    actor: `account:${account()}`,
    object: organization,
    request_id: crypto.randomUUID(),
  });
}
