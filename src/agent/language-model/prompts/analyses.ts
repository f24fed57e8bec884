/** The prompts about a conversation that is over, or about its older part. Pure. */
import type { Metric } from '../../../registry/capabilities.ts';
import type { FinishedConversation, TranscriptLine, Utterance } from '../../reasoner.ts';
import type { ChatMessage } from '../chat/port.ts';
import { aboutUser, part, transcriptData } from './data.ts';
import { moment } from './moment.ts';
import { DATA_NOTICE, prompt } from './parts.ts';

const ANALYST = 'You read a conversation between an agent and a user, and report on it truthfully.';

export function memoriesPrompt(
  { user, clock }: FinishedConversation,
  lines: readonly TranscriptLine[],
): ChatMessage[] {
  return prompt(
    [
      ANALYST,
      DATA_NOTICE,
      'Find what the user said that is worth knowing in a later conversation: facts, wishes, plans, what the user likes, and what troubles the user. Leave out small talk, what only the agent said, and what is known already. Write a date in place of words such as "tomorrow".',
    ],
    [
      ...aboutUser(user),
      transcriptData(lines),
      ...moment(clock),
      'Answer with JSON alone: {"memories": [{"text": "...", "numbers": [N]}]}. A text is one sentence in the third person, in the language of the user, that can be understood by itself. Its numbers are the lines that it comes from. When there is nothing: {"memories": []}.',
    ],
  );
}

export function userModelPrompt(
  { user, clock }: FinishedConversation,
  lines: readonly TranscriptLine[],
): ChatMessage[] {
  return prompt(
    [
      ANALYST,
      DATA_NOTICE,
      'Describe the user for an agent that will talk with this user again. Begin with what was known before, correct it, and add what this conversation teaches. Write only what the user said or did.',
    ],
    [
      ...aboutUser(user),
      transcriptData(lines),
      ...moment(clock),
      'Answer with the description alone: at most 150 words, in the third person.',
    ],
  );
}

export function summaryPrompt(before: string | null, lines: readonly Utterance[]): ChatMessage[] {
  const numbered = lines.map(({ by, text }, index) => ({ id: String(index), by, text }));
  return prompt(
    [
      ANALYST,
      DATA_NOTICE,
      'Sum up this older part of a conversation for the agent, which goes on with it. Keep names, numbers, dates, decisions, promises, and questions that are open. Leave out greetings and repetitions.',
    ],
    [
      before === null ? '' : `The summary of what came before:\n${part(before, 'text')}`,
      transcriptData(numbered),
      'Answer with the new summary alone: at most 200 words, in the language of the conversation. It replaces the summary of what came before.',
    ],
  );
}

function valueForm(metric: Metric): string {
  switch (metric.type) {
    case 'boolean':
      return 'true or false';
    case 'numeric': {
      const bounds = [
        metric.minimum === null ? '' : `at least ${metric.minimum}`,
        metric.maximum === null ? '' : `at most ${metric.maximum}`,
      ].filter(Boolean);
      return ['a number', ...bounds].join(', ');
    }
    case 'categorical':
      if (metric.categories.length === 0) return 'a word or a short text in quotation marks';
      return `one of ${part(JSON.stringify(metric.categories), 'text')}`;
  }
}

export function metricPrompt(metric: Metric, lines: readonly TranscriptLine[]): ChatMessage[] {
  return prompt(
    [ANALYST, DATA_NOTICE, `Judge "${part(metric.name, 'name')}": ${part(metric.description, 'text')}`],
    [
      transcriptData(lines),
      `Answer with JSON alone: {"value": ...}, where the value is ${valueForm(metric)}.`,
    ],
  );
}
