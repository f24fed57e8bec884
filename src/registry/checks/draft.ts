/** Reads the correct parts of a file whose form may be wrong in places, so that they can be checked. */
import * as z from 'zod';
import { BehaviorSet, Metric, Model, Tool } from '../capabilities.ts';
import { completeGraph, GraphEntry, State, type ContextGraph } from '../graph.ts';
import { ApiKey, Organization, User } from '../organization.ts';
import {
  AgentEntry,
  completeAgent,
  serviceDefaults,
  ServiceEntry,
  type Agent,
  type ServiceDefaults,
} from '../services.ts';

/** A graph with null for each state whose form is wrong. */
export type DraftGraph = Omit<ContextGraph, 'states'> & { states: readonly (State | null)[] };

/** A file with null for each entry whose form is wrong. Every entry keeps its index. */
export interface Draft {
  organization: Organization | null;
  users: readonly (User | null)[];
  api_keys: readonly (ApiKey | null)[];
  agents: readonly (Agent | null)[];
  graphs: readonly (DraftGraph | null)[];
  services: readonly (ServiceEntry | null)[];
  /** Agent, graph and creator of services that name none. */
  defaults: ServiceDefaults;
  tools: readonly (Tool | null)[];
  dynamic_behavior_sets: readonly (BehaviorSet | null)[];
  metrics: readonly (Metric | null)[];
  models: readonly (Model | null)[];
  /** Identifiers and names of the entries that are null. References to them get no issue. */
  unread: ReadonlySet<string>;
}

function orNull<Entry extends z.ZodType>(entry: Entry) {
  return entry.nullable().catch(null);
}

function entries<Entry extends z.ZodType>(entry: Entry) {
  return z.array(orNull(entry)).catch([]);
}

const DraftForm = z.object({
  organization: orNull(Organization),
  users: entries(User),
  api_keys: entries(ApiKey),
  agents: entries(AgentEntry),
  graphs: entries(GraphEntry.extend({ states: entries(State) })),
  services: entries(ServiceEntry),
  tools: entries(Tool),
  dynamic_behavior_sets: entries(BehaviorSet),
  metrics: entries(Metric),
  models: entries(Model),
});

/** Returns the fields of an object; none for another value. */
function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Adds the identifiers and names of wrong entries to `unread`. */
function noteUnread(raw: unknown, read: readonly unknown[], unread: Set<string>): void {
  listOf(raw).forEach((entry, index) => {
    if (read[index] !== null && read[index] !== undefined) return;
    const { id, name } = fieldsOf(entry);
    for (const key of [id, name]) if (typeof key === 'string') unread.add(key);
  });
}

const LISTS = [
  'users',
  'api_keys',
  'agents',
  'graphs',
  'services',
  'tools',
  'dynamic_behavior_sets',
  'metrics',
  'models',
] as const;

function unreadIn(raw: Record<string, unknown>, form: z.infer<typeof DraftForm>): ReadonlySet<string> {
  const unread = new Set<string>();
  for (const list of LISTS) noteUnread(raw[list], form[list], unread);
  listOf(raw.graphs).forEach((graph, index) => {
    noteUnread(fieldsOf(graph).states, form.graphs[index]?.states ?? [], unread);
  });
  if (form.organization === null) noteUnread(fieldsOf(raw.organization).roles, [], unread);
  return unread;
}

/** Returns the parts of a file that have the right form, or null if the file is not an object. */
export function draftOf(input: unknown): Draft | null {
  const read = DraftForm.safeParse(input);
  if (!read.success) return null;
  const form = read.data;
  const name = form.organization?.name ?? '';
  return {
    ...form,
    agents: form.agents.map((agent) => agent && completeAgent(agent, name)),
    graphs: form.graphs.map((graph) => {
      if (graph === null) return null;
      const states = graph.states.filter((state) => state !== null);
      return { ...completeGraph({ ...graph, states }), states: graph.states };
    }),
    defaults: serviceDefaults(
      form.organization?.id ?? '',
      form,
      form.users.filter((user) => user !== null),
    ),
    unread: unreadIn(fieldsOf(input), form),
  };
}
