import type { Context } from 'hono';
import * as z from 'zod';
import { CreateGraphVersionAnswer } from '../../contract/blueprints.ts';
import type { FieldError } from '../../contract/problem.ts';
import type { AppEnv } from '../../edge/context.ts';
import { fieldErrors, invalidRequest, readInput } from '../../edge/input.ts';
import { unwrap } from '../../problems.ts';
import { documentIssues, isTooDeep, MAX_DEPTH } from '../../registry/checks/document.ts';
import { draftOf } from '../../registry/checks/draft.ts';
import type { Issue } from '../../registry/checks/issues.ts';
import { checkGraphVersion } from '../../registry/object/client.ts';
import { expectedVersion, versionMade } from '../blueprints.ts';
import { actorOf, change } from '../management.ts';
import { operation } from '../operation.ts';
import { COMMON_ANSWERS, ChangeHeaders, NoQuery } from '../parameters.ts';
import { CreateGraphVersionBody, GraphParams } from './fields.ts';

type Version = { id: string; expected: number | null };

const NOTHING = z.object({});

function asErrors(issues: readonly Issue[]): FieldError[] {
  return issues.map(({ path, message }) => ({
    loc: ['body', ...path.map((part) => (typeof part === 'number' ? part : String(part)))],
    msg: message,
    type: 'value_error',
  }));
}

/** Returns the errors of the sense of the states whose form is right; none where nothing can be said about them. */
async function senseErrors(c: Context<AppEnv>, version: Version, body: unknown): Promise<FieldError[]> {
  if (typeof body !== 'object' || body === null) return [];
  const draft = draftOf({ graphs: [{ ...body, id: version.id, version: 1, name: 'draft' }] });
  const [graph = null] = draft?.graphs ?? [];
  if (draft === null || graph === null) return [];
  const { id: _id, version: _version, name: _name, ...content } = graph;
  const unread = [...draft.unread];
  const checked = await checkGraphVersion(c.env, actorOf(c), version, { content, unread });
  return checked.ok ? [] : (checked.problem.errors ?? []);
}

/** Reads the body: with every error of its form and of its sense together where its form is wrong. */
async function readGraph(c: Context<AppEnv>, version: Version) {
  const { body } = await readInput(c, {
    params: NOTHING,
    query: NOTHING,
    headers: NOTHING,
    body: z.unknown(),
  });
  if (isTooDeep(body)) {
    throw invalidRequest(asErrors([{ path: [], message: `is nested more than ${MAX_DEPTH} deep` }]));
  }
  const parsed = CreateGraphVersionBody.safeParse(body);
  const errors = asErrors(documentIssues(body));
  if (parsed.success && errors.length === 0) return parsed.data;
  if (!parsed.success) errors.unshift(...fieldErrors('body', parsed.error));
  throw invalidRequest([...errors, ...(await senseErrors(c, version, body))]);
}

export const createGraphVersion = operation(
  {
    id: 'create-service-hierarchical-state-machine-version',
    tag: 'Organization',
    summary: 'Create a version of a state machine',
    description:
      'Adds a version to a state machine. A version that does not make sense is refused with all of its errors: states ' +
      'that lead nowhere or cannot be reached, names that nothing has, tools without a version that fits. With `dry_run` ' +
      'nothing is stored.',
    method: 'post',
    path: '/v1/{organization}/organization/service_hierarchical_state_machine/{service_hierarchical_state_machine_id}/',
    credentials: 'user',
    rateLimit: 10,
    access: {
      requires: [
        {
          permission: 'Organization:CreateServiceHierarchicalStateMachineVersion',
          on: 'the state machine',
        },
      ],
      impactedBy: [],
    },
    params: GraphParams,
    query: NoQuery.extend({
      ...expectedVersion,
      dry_run: z.boolean().default(false).meta({ description: 'Checks the version without storing it.' }),
    }),
    headers: ChangeHeaders,
    documentedBody: { 'application/json': CreateGraphVersionBody },
    answers: {
      201: {
        description: 'The version.',
        content: { type: 'application/json', schema: CreateGraphVersionAnswer },
      },
      400: { description: 'It refers to a state machine that does not exist, is deleted, or refers back.' },
      404: { description: 'The organization, the state machine or a tool does not exist.' },
      409: { description: '`version` is not the next version, or the state machine is deleted.' },
      ...COMMON_ANSWERS,
    },
  },
  async ({ c, env, params, query, answer }) => {
    const version = { id: params.service_hierarchical_state_machine_id, expected: query.version ?? null };
    const content = await readGraph(c, version);
    if (query.dry_run) {
      unwrap(await checkGraphVersion(env, actorOf(c), version, { content, unread: [] }));
      return answer(null);
    }
    const type = 'create-graph-version';
    const operation = 'create-service-hierarchical-state-machine-version';
    const changed = await change(c, operation, { type, ...version, content }, [version.expected, content]);
    const told = versionMade(changed);
    return answer(told);
  },
);
