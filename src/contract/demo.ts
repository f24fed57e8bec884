/** Answers of the demo's backend to its page. They exist in development alone. */
import type { SessionToken } from './workbench.ts';

/** The features of the deployment that the demo page offers. */
export interface DemoFeatures {
  /** True where the deployment has a speech provider. */
  voice: boolean;
}

/** The user that the demo page chats as, and the service that it chats with. */
export interface DemoSession extends SessionToken, DemoFeatures {
  service_id: string;
}
