/** An action state as it is read for deciding: its exits and actions, with the weights of their words. */
import type { ActionState, ContextGraph, ExitCondition } from '../../../registry/graph.ts';
import { quotesIn, readAction, type ReadAction } from '../actions.ts';
import { weigh, type WeightedProposition } from '../evidence.ts';
import { decidedBehind, leadsToTool, takesQuestion, targetOf } from '../exits.ts';
import { kindsInSense, kindsNamedIn, type FactKind } from '../facts/kinds.ts';
import { clausesOf } from '../language/clauses.ts';
import { readDescription, type Description, type Proposition } from './descriptions.ts';
import { wantedBy } from '../polarity/worth.ts';
import { hintsFor, hintsOfNorm, yesAndNo } from './hints.ts';
import { profileOfExit, profileOfOccasion, withHintWords, type Profile } from './profiles.ts';
import { listedExits, withNames } from './listed-exits.ts';
import { questionOf, type Question } from './questions.ts';
import { rolesOf } from './roles.ts';
import { withSoleAnswer } from './sole-answer.ts';
import { topicsOf } from './topics.ts';

/** One description of an exit or an occasion, ready to be compared. */
export interface ReadDescription extends Description {
  weighted: readonly WeightedProposition[];
  weightedExamples: readonly WeightedProposition[];
  kinds: readonly FactKind[];
  /** The topic of the question that it describes. */
  topics: readonly WeightedProposition[];
  /** Stems of the state's explanations, for an exit that waits for an answer. */
  explained: ReadonlySet<string>;
  /** Words of the state's explanations that speak for it. */
  hints: readonly WeightedProposition[];
  /** True if it describes a wish or a question of the user. The user can put both as a question. */
  request: boolean;
  /** True if it waits for an answer only because it is the only exit that can take one. */
  assumed?: boolean;
  /** True if it names the subject of a message: "It is about a bill". A denial does not change the subject. */
  subjectOnly: boolean;
  /** True if the exits of the state name things to choose among: "battery", "brakes", "tyre". */
  ofThings: boolean;
  /** The words by which the question names it among its options. */
  named: readonly WeightedProposition[];
}

export interface ReadExit {
  exit: ExitCondition;
  /** The exit itself, then what is decided right behind it, but for what leads back here. */
  ways: readonly ReadDescription[];
  /** True if it leads to the terminal state. */
  ends: boolean;
  /** True if a tool is called behind it before the agent speaks. */
  callsTool: boolean;
  takesQuestion: (heard: string) => boolean;
  /** The profile of the exit; of what is decided right behind it, one for each, where it leads to a decision. */
  profiles: readonly Profile[];
}

export interface ReadOccasion {
  read: ReadAction;
  /** Null of a plain action. */
  occasion: ReadDescription | null;
  /** The words of its deed, for a question in other words than those of the occasion. */
  deed: WeightedProposition;
  /** Null of a plain action. */
  profile: Profile | null;
}

export interface ReadState {
  exits: readonly ReadExit[];
  actions: readonly ReadOccasion[];
  /** Hints of the state's explanations at a yes and at a no to its question. */
  yesHints: readonly WeightedProposition[];
  noHints: readonly WeightedProposition[];
  /** Indexes of the exits in the order in which the question names them; empty where it does not. */
  order: readonly number[];
}

const REQUEST =
  /\b(?:wants?|would (?:like|rather|prefer)|needs?|asks?|wishes|is (?:looking|waiting|calling)|requests?|says? what they (?:want|need)|prefers?|has (?:a question|a complaint))\b/i;

const SUBJECT_ONLY =
  /^(?:it|this|that|the (?:call|matter|question|request|message|concern)) (?:is about|concerns|has to do with)\b/i;

function examplePropositions({ examples }: Description): Proposition[] {
  return examples
    .flatMap((example) => clausesOf(example).map(({ stems, negated }) => ({ stems, negated })))
    .filter(({ stems }) => stems.length > 0);
}

/** Reads descriptions among which the agent chooses. Words that tell them apart weigh more. */
function readTogether(descriptions: readonly Description[]): ReadDescription[] {
  const weighted = weigh(descriptions.map(({ propositions }) => propositions));
  const examples = weigh(descriptions.map(examplePropositions));
  // What tells questions apart are the other questions.
  const topics = weigh(
    descriptions.map((description) => (description.acts.has('unclear') ? [] : topicsOf(description))),
  );
  return descriptions.map((description, index) => ({
    ...description,
    weighted: weighted[index] ?? [],
    weightedExamples: examples[index] ?? [],
    topics: topics[index] ?? [],
    hints: [],
    explained: new Set(),
    kinds: kindsNamedIn(description.text),
    request: REQUEST.test(description.text),
    subjectOnly: SUBJECT_ONLY.test(description.text),
    named: [],
    ofThings: false,
  }));
}

function readExits(graph: ContextGraph, state: ActionState, roles: ReadonlySet<string>): ReadExit[] {
  const lists = state.exit_conditions.map((exit) => {
    const beyond = decidedBehind(graph, exit).filter(
      (further) => targetOf(graph, further)?.name !== state.name,
    );
    return {
      beyond,
      descriptions: [exit, ...beyond].map(({ description }) => readDescription(description, roles)),
    };
  });
  const read = readTogether(lists.flatMap(({ descriptions }) => descriptions));
  let at = 0;
  return state.exit_conditions.map((exit, index) => {
    const {
      beyond,
      descriptions: { length },
    } = lists[index] ?? { beyond: [], descriptions: [] };
    const ways = read.slice(at, at + length);
    at += length;
    return {
      exit,
      ways,
      ends: targetOf(graph, exit)?.name === graph.terminal_state,
      callsTool: leadsToTool(graph, exit),
      takesQuestion: (heard) => takesQuestion(exit, heard),
      profiles:
        beyond.length === 0
          ? [profileOfExit(graph, exit, ways)]
          : beyond.flatMap((further, place) => {
              const way = ways[place + 1];
              return way === undefined || way.otherwise ? [] : [profileOfExit(graph, further, [way])];
            }),
    };
  });
}

function readActions({ actions }: ActionState, roles: ReadonlySet<string>): ReadOccasion[] {
  const read = actions.map(readAction);
  const occasions = read.map(({ occasion }) =>
    occasion === null
      ? null
      : readDescription(occasion.replace(/^(?:if|when|whenever|in case|should) /i, ''), roles),
  );
  const described = readTogether(occasions.filter((occasion) => occasion !== null));
  let at = 0;
  return read.map((each, index) => {
    const occasion = occasions[index] == null ? null : (described[at++] ?? null);
    const deed = {
      words: clausesOf(each.deed).flatMap(({ stems }) => stems.map((stem) => [stem, 0.6] as const)),
      negated: false,
      loose: true,
    };
    const profile = occasion === null ? null : profileOfOccasion(occasion.topics, deed);
    return { read: each, occasion, deed, profile };
  });
}

/**
 * Returns the quoted words of the actions that explain the question of the state: actions for a user who does not know
 * the answer, and actions for a question about the same words.
 */
function explanationsOf(actions: readonly ReadOccasion[], { stems }: Question): string[] {
  return actions.flatMap(({ read, occasion }) => {
    const about = occasion?.topics.some(({ words }) => words.some(([stem]) => stems.includes(stem))) === true;
    return occasion?.acts.has('unknown') === true || about ? quotesIn(read.deed) : [];
  });
}

/** Returns the exits with the hints that the explanations of the state give for them. */
function withHints(
  exits: readonly ReadExit[],
  explanations: readonly string[],
  { stems: asked }: Question,
): ReadExit[] {
  const hints = hintsFor(
    explanations,
    exits.map(({ ways: [way] }) => ({ propositions: way === undefined || way.awaits ? [] : way.weighted })),
  );
  const explained = new Set(
    explanations
      .flatMap((text) => clausesOf(text).flatMap((clause) => clause.stems))
      .filter((stem) => !asked.includes(stem)),
  );
  return exits.map((exit, index) => {
    const [own, ...beyond] = exit.ways;
    if (own === undefined) return exit;
    const found = hints[index] ?? [];
    return {
      ...exit,
      ways: [{ ...own, hints: found, explained: own.awaits ? explained : own.explained }, ...beyond],
      profiles: exit.profiles.map((profile) => withHintWords(profile, found)),
    };
  });
}

/** Returns exits whose facts are those that the actions of the state ask for: "the number" is that of a telephone. */
function withKinds(exits: readonly ReadExit[], { actions }: ActionState): readonly ReadExit[] {
  const asked = actions.join(' ');
  return exits.map((exit) => {
    const [own, ...beyond] = exit.ways;
    if (own?.awaits !== true || own.kinds.length === 0) return exit;
    return { ...exit, ways: [{ ...own, kinds: kindsInSense(own.kinds, asked) }, ...beyond] };
  });
}

/**
 * Read states by their list of exits, kept as long as that list is in use. The engine copies states, but not their
 * exits.
 */
const known = new WeakMap<readonly ExitCondition[], ReadState>();

export function readState(graph: ContextGraph, state: ActionState): ReadState {
  const found = known.get(state.exit_conditions);
  if (found !== undefined) return found;
  const roles = rolesOf(graph);
  const actions = readActions(state, roles);
  const first = actions.find(({ occasion }) => occasion === null) ?? actions[0];
  const at = first === undefined ? -1 : actions.indexOf(first);
  const question = questionOf(state.actions[at] ?? state.objective, roles);
  const exits = withKinds(withSoleAnswer(readExits(graph, state, roles), question), state);
  const explanations = question.consent || question.closing ? [] : explanationsOf(actions, question);
  const { proposition } = question;
  const [yesHints = [], noHints = []] =
    proposition === null ? [] : hintsFor(explanations, yesAndNo(proposition));
  const norm = proposition === null ? [] : hintsOfNorm(explanations, proposition.stems);
  const asksForTrouble = wantedBy(question.stems) < 0;
  const listed = listedExits(exits, question.options, state.actions[at] ?? '');
  const made: ReadState = {
    exits: withNames(withHints(exits, explanations, question), listed, question),
    order: listed.order,
    actions,
    yesHints: asksForTrouble ? yesHints : [...yesHints, ...norm],
    noHints: asksForTrouble ? [...noHints, ...norm] : noHints,
  };
  known.set(state.exit_conditions, made);
  return made;
}

/** An exit of a decision state: its description, and the words of what it is about. */
export interface ReadDecisionExit {
  read: ReadDescription;
  /** Empty for an exit that says only that it is for everything else. */
  profile: Profile;
}

/** Reads the exits of a decision state. */
export function readDecision(graph: ContextGraph, exits: readonly ExitCondition[]): ReadDecisionExit[] {
  const found = decisions.get(exits);
  if (found !== undefined) return found;
  const roles = rolesOf(graph);
  const descriptions = readTogether(exits.map(({ description }) => readDescription(description, roles)));
  const made = exits.flatMap((exit, index) => {
    const read = descriptions[index];
    if (read === undefined) return [];
    return [{ read, profile: read.otherwise ? new Map() : profileOfExit(graph, exit, [read]) }];
  });
  decisions.set(exits, made);
  return made;
}

const decisions = new WeakMap<readonly ExitCondition[], ReadDecisionExit[]>();
