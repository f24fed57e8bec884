import type { Operation } from '../operation.ts';
import { getChat } from './get.ts';
import { resumeChat } from './resume.ts';
import { runAgent } from './run.ts';
import { sendChatMessage } from './send.ts';
import { stopChat } from './stop.ts';

/** The operations with which clients of the AI SDK and of AG-UI chat, beyond the published API. */
export const CHAT_OPERATIONS: readonly Operation[] = [
  sendChatMessage,
  getChat,
  resumeChat,
  stopChat,
  runAgent,
];
