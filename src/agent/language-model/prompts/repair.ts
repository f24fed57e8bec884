/** The question that follows an answer of no use. Pure. */
import type { ChatMessage } from '../chat/port.ts';
import { part } from './data.ts';
import { assistantTurn, userTurn } from './parts.ts';

/** Returns the question that follows an answer that could not be read. */
export function repairRequest(answer: string, complaint: string): ChatMessage[] {
  return [
    assistantTurn(answer),
    userTurn(
      `This answer cannot be used. ${part(complaint, 'sentence')}\nAnswer once more, in the form that was asked for and nothing else.`,
    ),
  ];
}
