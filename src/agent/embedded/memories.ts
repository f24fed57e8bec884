import { cut } from '../../text.ts';
import type { ExtractedMemory, TranscriptLine } from '../reasoner.ts';
import { isQuestion } from './signals.ts';

/** A statement of the user about themselves or what they want. */
const ABOUT_SELF = /\b(i|i'm|i've|i'd|my|me|mine)\b/i;

/** The most statements that are taken from one conversation, and the longest part of each, in UTF-16 units. */
const MAX_STATEMENTS = 200;
const MAX_STATEMENT_LENGTH = 500;

/**
 * Returns the last sentences in which a user spoke about themselves, each with the identifier of its message.
 * Questions are left out.
 */
export function extractStatements(transcript: readonly TranscriptLine[]): ExtractedMemory[] {
  return transcript
    .filter(({ by }) => by === 'user')
    .flatMap(({ id, text }) =>
      text
        .split(/(?<=[.!?])\s+|\n+/)
        .map((sentence) => sentence.trim())
        .filter((sentence) => ABOUT_SELF.test(sentence) && !isQuestion(sentence))
        .map((sentence) => ({ text: cut(sentence, MAX_STATEMENT_LENGTH), message_ids: [id] })),
    )
    .slice(-MAX_STATEMENTS);
}
