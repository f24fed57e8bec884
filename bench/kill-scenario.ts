/** The organization of the proof by kills: an agent whose every answer follows a call of a tool, and that tool. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { OrganizationFile } from '../src/registry/organization.ts';
import { parseOrganizationFile } from '../src/registry/publish.ts';

/** Identifier of the organization. */
export const ORGANIZATION = 'kills';
/** Identifier of its only user. */
export const USER = 'c50000000000000000000001';
/** Identifier of its service. */
export const SERVICE = '5e0000000000000000000001';
const AGENT = 'a90000000000000000000001';
const GRAPH = '960000000000000000000001';
const TOOL = '700000000000000000000001';

/** Every message takes this exit, and so calls the tool. */
const WISH = 'The user wants to book a seat, such as "Please book a seat"';

function actionState(name: string, said: string) {
  return {
    type: 'action',
    name,
    objective: 'Book seats.',
    actions: [`Say: "${said}"`],
    exit_conditions: [
      { description: WISH, next_state: 'book' },
      { description: 'The user says goodbye', next_state: 'goodbye' },
    ],
  };
}

function graph() {
  return {
    id: GRAPH,
    version: 1,
    name: 'Seats',
    description: 'Books seats.',
    states: [
      actionState('greet', 'Hello, I book seats.'),
      {
        type: 'tool-call',
        name: 'book',
        next_state: 'booked',
        designated_tool: { tool_id: TOOL },
        designated_tool_call_objective: 'Book one seat.',
      },
      actionState(
        'booked',
        'One seat is booked for you, in the middle of the hall, with a good view of the stage. You get the ticket at ' +
          'the entrance, half an hour before the beginning, and you can give it back until then. Is there more?',
      ),
      { type: 'action', name: 'goodbye', objective: 'End.', actions: ['Say: "Goodbye!"'] },
    ],
    new_user_initial_state: 'greet',
    returning_user_initial_state: 'greet',
    terminal_state: 'goodbye',
    references: {},
    global_intra_state_navigation_guidelines: [],
    global_action_guidelines: [],
    global_boundary_constraints: [],
  };
}

/** Returns the organization's file, with its tool at `toolUrl`. */
export function organizationFile(toolUrl: string): OrganizationFile {
  return parseOrganizationFile({
    organization: { id: ORGANIZATION, name: 'Kills', tenant_id: null, roles: [] },
    users: [{ id: USER, name: 'Una', role: 'DefaultUserRole' }],
    api_keys: [],
    agents: [
      {
        id: AGENT,
        version: 1,
        name: 'Robin',
        role: 'Clerk',
        developed_by: 'The proof',
        default_spoken_language: 'eng',
        background: 'Books seats.',
        behaviors: [],
        communication_patterns: [],
        voice_config: null,
      },
    ],
    graphs: [graph()],
    tools: [{ id: TOOL, name: 'book_seat', versions: [{ description: 'Books one seat.', url: toolUrl }] }],
    services: [{ id: SERVICE, name: 'Seats' }],
  });
}

/** A tool over HTTP that counts its calls by their `Idempotency-Key`, and takes a moment for each. */
export interface CountingTool {
  url: string;
  /** For each key, how often it was called. A tool that honours keys has as many effects as there are keys. */
  calls: ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Starts the tool. It answers after `takesMs` milliseconds. */
export async function startTool(takesMs: number): Promise<CountingTool> {
  const calls = new Map<string, number>();
  const server = createServer((request, response) => {
    const key = String(request.headers['idempotency-key']);
    calls.set(key, (calls.get(key) ?? 0) + 1);
    request.resume();
    // The caller may be killed meanwhile.
    response.on('error', () => undefined);
    void pause(takesMs).then(() => response.end('{"booked":true}'));
  });
  server.on('connection', (socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  return { url: `http://127.0.0.1:${port}/`, calls, stop };
}
