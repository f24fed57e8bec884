/** Makes questions from the descriptions of a graph, for messages that can mean several of them. */
import type { ContextGraph } from '../../registry/graph.ts';
import { trimEndOf } from '../../text.ts';
import { rolesOf } from './reading/roles.ts';
import { toSecondPerson } from './persons.ts';

const EXAMPLES = /,? (?:such as|for example|for instance|e\.g\.)[,:]? .*$/is;
const WANTS = /^you (?:want|would like) to /i;
const LIKES = /^you (?:would like|want|need|ask for|ask about) /i;
/** The most descriptions that one question names. */
const MAX_ASKED = 3;
/** Descriptions that name an act of the user, or any answer at all. No question can be made of them. */
const NO_MATTER =
  /\b(?:goodbye|nothing else|says what|has (?:given|said|named|told)|answers?|confirms?|declines?)\b/i;

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')}, or ${parts.at(-1)}`;
}

/**
 * Returns a question about which of several descriptions the user means: "Do you want to move the appointment, or
 * cancel it?" Null when no question can be made of one of them.
 */
export function askBetween(graph: ContextGraph, descriptions: readonly string[]): string | null {
  const roles = rolesOf(graph);
  if (descriptions.some((description) => NO_MATTER.test(description))) return null;
  const asked = descriptions
    .slice(0, MAX_ASKED)
    .map((description) => trimEndOf(toSecondPerson(description.replace(EXAMPLES, ''), roles), '.'));
  if (asked.every((each) => WANTS.test(each)))
    return `Do you want to ${joined(asked.map((each) => each.replace(WANTS, '')))}?`;
  if (asked.every((each) => LIKES.test(each)))
    return `Is it about ${joined(asked.map((each) => each.replace(LIKES, '')))}?`;
  return `Do you mean that ${joined(asked.map((each) => each.charAt(0).toLowerCase() + each.slice(1)))}?`;
}
