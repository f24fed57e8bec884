/** The matter of a state: the words by which a user speaks of its question. English. */
import type { ActionState } from '../../../registry/graph.ts';
import { FUNCTION_WORDS } from '../language/function-words.ts';
import { stemOf } from '../language/stems.ts';
import { questionOf } from './questions.ts';

/** Stems that name no matter: they stand in many questions. */
const COMMON = new Set('ask user custom caller guest client want need know state answer'.split(' '));

/** Returns the stems that name the matter of a state: of its name, its question and the facts that it asks for. */
export function matterOf({ name, actions, objective }: ActionState): Set<string> {
  const asked = questionOf(actions[0] ?? objective);
  const words = name.toLowerCase().split(/[_\d]+/);
  const stems = words.filter((word) => word.length > 2 && !FUNCTION_WORDS.has(word)).map(stemOf);
  return new Set([...stems, ...asked.stems].filter((stem) => !COMMON.has(stem)));
}
