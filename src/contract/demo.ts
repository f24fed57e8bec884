/** The session of the demo page. It exists in development alone. */
import type { SessionToken } from './workbench.ts';

/** The user that the demo page chats as, and the service that it chats with. */
export interface DemoSession extends SessionToken {
  service_id: string;
  /** True where the deployment has a speech provider. */
  voice: boolean;
}
