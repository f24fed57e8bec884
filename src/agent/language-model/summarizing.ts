/** A summary of the part of a conversation that a prompt no longer shows. */
import { cut } from '../../text.ts';
import type { Summary } from '../position.ts';
import type { Situation } from '../reasoner.ts';
import type { CallContext } from './call.ts';
import { smallestWindow } from './models.ts';
import { hiddenMessages } from './prompts/data.ts';
import { summaryPrompt } from './prompts.ts';
import { ask, wordsReader } from './structured.ts';
import { windowOf } from './window.ts';

/** A summary stands with the position of a conversation, and is read in every turn. In UTF-16 units. */
const MAX_SUMMARY_LENGTH = 2_000;
/** Limits of the utterances that one call sums up, in tokens. */
const PART = { tokens: 12_000, entryTokens: 600 };

/**
 * Returns a summary that covers all that a prompt does not show; null when the one there is covers it, or the model gave
 * none. The window moves in steps, so that this asks a model once in several turns.
 */
export async function summarize(context: CallContext, situation: Situation): Promise<Summary | null> {
  const hidden = hiddenMessages(situation, smallestWindow(context.models));
  const { summary } = situation.position;
  if (hidden === 0 || (summary?.covers ?? 0) >= hidden) return null;
  const first = situation.historyStart ?? 0;
  const from = Math.max((summary?.covers ?? 0) - first, 0);
  const { kept } = windowOf(situation.history.slice(from, hidden - first), PART);
  if (kept.length === 0) return null;
  const text = await ask(context, summaryPrompt(summary?.text ?? null, kept), wordsReader);
  return text === null ? null : { text: cut(text, MAX_SUMMARY_LENGTH), covers: hidden };
}
