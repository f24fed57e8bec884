/** The report of each run of a turn and of each analysis: one line, with identifiers and figures, and no text. */
import { abortAllDurableObjects, runDurableObjectAlarm } from 'cloudflare:test';
import guide from '../../../docs/operating.md?raw';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { UsageMeter } from '../../../src/agent/usage.ts';
import { TurnFigures } from '../../../src/conversation/turns/turn-figures.ts';
import { usageFields } from '../../../src/conversation/turns/usage-fields.ts';
import { TurnReports } from '../../../src/conversation/turns/turn-reports.ts';
import { BLOBS, DOUBLES, turnPoint } from '../../../src/conversation/turns/turn-point.ts';
import { Directory } from '../../../src/directory/directory.ts';
import { conversationObject, newUser, publishTestOrganization, type Client } from '../../support/client.ts';
import { failing, PATIENT } from '../../support/faults.ts';
import { collectLog, type LogLine } from '../../support/log-lines.ts';
import { AGENT, GRAPH, ORGANIZATION, SERVICE } from '../../support/organization.ts';
import { openGate } from '../../support/scripted-reasoner.ts';
import { recordingOf } from '../../support/scripted-speech.ts';
import { interactionOf, PartialStream } from '../../support/streams.ts';

let log = collectLog();

beforeAll(publishTestOrganization);

beforeEach(() => {
  log = collectLog();
});

afterEach(() => vi.restoreAllMocks());

const turns = () => log.of('turn');

async function begun(): Promise<{ user: Client; id: string }> {
  const user = await newUser();
  const { id } = await user.begin();
  return { user, id };
}

function analysesOf(id: string): LogLine[] {
  return log.of('analysis').filter(({ conversation_id }) => conversation_id === id);
}

/** The lines of the turns after the first one of a conversation. */
function later(id: string): LogLine[] {
  return turns()
    .filter((line) => line.conversation_id === id)
    .slice(1);
}

async function say(user: Client, id: string, text: string, query = '', key?: string): Promise<Response> {
  const form = new FormData();
  form.set('initial_message_type', 'user-message');
  form.set('recorded_message', text);
  const path = `/conversation/${id}/interact?request_format=text&response_format=text${query}`;
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  return user.request(path, { method: 'POST', body: form, headers });
}

/** Begins a turn, reads until a part has come, and ends the process. */
async function died(answer: Promise<Response>, behind: string): Promise<Response> {
  const response = await answer;
  const stream = new PartialStream(response);
  await stream.until(behind);
  await abortAllDurableObjects();
  await stream.leave();
  return response;
}

describe('a turn that is stored', () => {
  it('has a line with its organization, service, versions, identifiers and figures', async () => {
    const user = await newUser();
    const { id, interactionId } = await user.begin({ initial_message: 'The word is swordfish.' });
    expect(turns()).toEqual([
      {
        level: 'info',
        event: 'turn',
        organization: ORGANIZATION,
        conversation_id: id,
        service_id: SERVICE,
        version_set: 'release',
        agent_id: AGENT,
        agent_version: 1,
        graph_id: GRAPH,
        graph_version: 1,
        request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        interaction_id: interactionId,
        attempt: 1,
        outcome: 'completed',
        code: null,
        stopped_by: null,
        conversation_completed: false,
        client_left: false,
        format: 'text',
        provider: 'embedded',
        models: null,
        model_calls: 0,
        failed_model_calls: 0,
        input_tokens: 0,
        output_tokens: 0,
        cached_input_tokens: 0,
        cache_write_input_tokens: 0,
        tokens_estimated: false,
        cost_usd: null,
        model_wait_ms: 0,
        tool_calls: 0,
        first_piece_ms: expect.any(Number) as number,
        total_ms: expect.any(Number) as number,
        waited_ms: 0,
      },
    ]);
    expect(log.all()).not.toContain('swordfish');
  });

  it('has the identifier of its request, which the line of the request has too', async () => {
    const { user, id } = await begun();
    await user.say(id, 'what?');
    const requests = log.of('request').map(({ request_id }) => request_id);
    expect(requests).toContain(later(id)[0]?.request_id);
  });

  it('says that it is spoken, and that the conversation is complete', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I would like apples' });
    await (await user.interactVoice(id, recordingOf('12345'), 'voice')).text();
    expect(later(id)).toMatchObject([
      { format: 'voice', conversation_completed: true, outcome: 'completed' },
    ]);
    expect(later(id)[0]?.first_piece_ms).not.toBeNull();
  });

  it('says that its client has left', async () => {
    const { user, id } = await begun();
    const stream = new PartialStream(await say(user, id, '[wait leftReport] what?'));
    await stream.until('new-message');
    await stream.leave();
    openGate('leftReport');
    await expect.poll(() => later(id), PATIENT).toMatchObject([{ outcome: 'completed', client_left: true }]);
  });

  it('says how long its request waited for another turn', async () => {
    const { user, id } = await begun();
    const first = new PartialStream(await say(user, id, '[wait line] what?'));
    await first.until('new-message');
    const second = await say(user, id, 'how?', '&if_busy=queue');
    await scheduler.wait(20);
    openGate('line');
    await Promise.all([first.until(null), second.text()]);
    const waited = later(id).map(({ waited_ms }) => waited_ms as number);
    expect([waited[0], (waited[1] ?? 0) > 0]).toEqual([0, true]);
  });
});

describe('a turn that is stopped', () => {
  it.each([
    ['while it speaks', 'stop1', '[wait stop1] what?', 'new-message', null],
    ['before it speaks', 'stop2', '[choose stop2] what?', 'user-message-available', 'turn_stopped'],
  ])('%s has a line with the cause', async (_when, gate, text, behind, code) => {
    const { user, id } = await begun();
    const response = await say(user, id, text);
    const stream = new PartialStream(response);
    await stream.until(behind);
    await user.post(`/conversation/${id}/interaction/${interactionOf(response)}/stop`, {});
    openGate(gate);
    await stream.until(null);
    expect(later(id)).toMatchObject([{ outcome: 'stopped', stopped_by: 'user', code }]);
  });

  it('by a message that takes its place has a line, and so has the turn of that message', async () => {
    const { user, id } = await begun();
    const first = new PartialStream(await say(user, id, '[wait stop3] what?', '&if_busy=interrupt'));
    await first.until('new-message');
    const second = say(user, id, 'how?', '&if_busy=interrupt');
    await first.until(null);
    openGate('stop3');
    await (await second).text();
    expect(later(id)).toMatchObject([
      { outcome: 'stopped', stopped_by: 'message' },
      { outcome: 'completed', stopped_by: null },
    ]);
  });
});

describe('a turn that comes to nothing', () => {
  it('has a line with the code of the failure', async () => {
    const { user, id } = await begun();
    await (await say(user, id, '[fail] what?')).text();
    expect(later(id)).toMatchObject([{ outcome: 'failed', code: 'turn_failed' }]);
  });

  it('has one line also when it was a create whose removal fails and is repeated by the alarm', async () => {
    const user = await newUser();
    const outage = failing(Directory.prototype, 'release');
    const events = await (await user.create({ initial_message: '[fail]' })).text();
    const id = /"conversation_id":"([0-9a-f]{24})"/.exec(events)?.[1] ?? '';
    await abortAllDurableObjects();
    outage.end();
    await runDurableObjectAlarm(conversationObject(id));
    expect(turns()).toMatchObject([{ conversation_id: id, outcome: 'failed', code: 'turn_failed' }]);
  });

  it('has a line when its conversation is erased under it', async () => {
    const user = await newUser();
    const { id } = await user.begin();
    const stream = new PartialStream(await say(user, id, '[wait erased] what?'));
    await stream.until('new-message');
    await conversationObject(id).eraseFor({ type: 'user' });
    openGate('erased');
    await stream.until(null);
    expect(later(id)).toMatchObject([{ outcome: 'failed', code: 'conversation_erased' }]);
  });
});

describe('a turn whose process died', () => {
  it('has a line for each run: those that died, and the one that came to its end', async () => {
    const { user, id } = await begun();
    const interaction = interactionOf(
      await died(say(user, id, '[wait died1] what?', '', 'k1'), 'new-message'),
    );
    await died(say(user, id, '[wait died1] what?', '', 'k1'), 'new-message');
    openGate('died1');
    await (await say(user, id, '[wait died1] what?', '', 'k1')).text();
    expect(later(id).map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 'died'],
      [2, 'died'],
      [3, 'completed'],
    ]);
    expect(new Set(later(id).map(({ interaction_id }) => interaction_id))).toEqual(new Set([interaction]));
  });

  it('has a line when it was a create, which the alarm undoes', async () => {
    const user = await newUser();
    const response = await died(user.create({ initial_message: '[wait died2]' }), 'new-message');
    const id = /conversation\/([0-9a-f]{24})/.exec(response.headers.get('content-location') ?? '')?.[1] ?? '';
    await runDurableObjectAlarm(conversationObject(id));
    openGate('died2');
    expect(turns()).toMatchObject([{ conversation_id: id, outcome: 'died', attempt: 1, total_ms: null }]);
  });
});

describe('a request that waits in vain', () => {
  it('has a line, because the log of requests has it as answered', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I would like apples' });
    const last = new PartialStream(await say(user, id, '[wait vain] 12345'));
    await last.until('new-message');
    const waiting = await say(user, id, 'and?', '&if_busy=queue');
    openGate('vain');
    await Promise.all([last.until(null), waiting.text()]);
    const refused = later(id).filter(({ outcome }) => outcome === 'refused');
    expect(refused).toMatchObject([{ code: 'conversation_finished', attempt: 0, interaction_id: null }]);
    expect(log.of('request').map(({ request_id }) => request_id)).toContain(refused[0]?.request_id);
  });
});

describe('the figures of a turn', () => {
  const call = {
    interaction: 'EngageUser',
    model: 'b',
    input_tokens: 10,
    output_tokens: 2,
    first_token_ms: 5,
  };

  it('are sums over the calls of all walks, with the calls that gave nothing apart', () => {
    const figures = new TurnFigures(0, 0);
    const first = figures.meter(new UsageMeter());
    first.begin();
    first.end({ ...call, cached_input_tokens: 4, cache_write_input_tokens: 3, cost_usd: 0.5 });
    const second = figures.meter(new UsageMeter());
    for (let begun = 0; begun < 3; begun += 1) second.begin();
    second.end({ ...call, model: 'a', estimated: true });
    expect(figures.failedModelCalls).toBe(2);
    expect(usageFields(figures.modelCalls)).toEqual({
      models: 'a,b',
      model_calls: 2,
      input_tokens: 20,
      output_tokens: 4,
      cached_input_tokens: 4,
      cache_write_input_tokens: 3,
      tokens_estimated: true,
      cost_usd: 0.5,
      model_wait_ms: 10,
    });
  });

  it('have no price where no model has one', () => {
    expect(usageFields([call]).cost_usd).toBeNull();
  });
});

describe('an analysis', () => {
  it('has a line for each of its parts', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: 'I have two swordfish.' });
    await user.post(`/conversation/${id}/finish/`);
    await expect.poll(() => analysesOf(id).length, PATIENT).toBe(3);
    expect(analysesOf(id).map(({ analysis }) => analysis)).toEqual([
      'generate-user-models',
      'extract-memories',
      'compute-metrics',
    ]);
    expect(analysesOf(id)[0]).toMatchObject({
      organization: ORGANIZATION,
      conversation_id: id,
      service_id: SERVICE,
      outcome: 'completed',
      code: null,
      attempt: 1,
      provider: 'embedded',
      model_calls: 0,
    });
    expect(log.all()).not.toContain('swordfish');
  });

  it('has a line for each attempt when it fails', async () => {
    const user = await newUser();
    const { id } = await user.begin({ initial_message: '[unanalysable]' });
    await user.post(`/conversation/${id}/finish/`);
    await expect.poll(() => analysesOf(id).length, PATIENT).toBe(3);
    await expect.poll(() => runDurableObjectAlarm(conversationObject(id)), PATIENT).toBe(true);
    const failed = analysesOf(id).filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ analysis, attempt, code }) => [analysis, attempt, code])).toEqual([
      ['extract-memories', 1, 'analysis_failed'],
      ['extract-memories', 2, 'analysis_failed'],
    ]);
  });
});

describe('the point of a turn', () => {
  /** The reports of a deployment with a dataset. */
  function reporting(writeDataPoint: (point?: AnalyticsEngineDataPoint) => void): TurnReports {
    return new TurnReports({ TURNS: { writeDataPoint }, LLM_PROVIDER: 'workers-ai' });
  }

  const identity = {
    organization: ORGANIZATION,
    id: 'c'.repeat(24),
    service_id: SERVICE,
    versions: { name: 'edge', agent: [AGENT, 3], graph: [GRAPH, 4], llm_model_preferences: {} },
  } as unknown as Parameters<TurnReports['refused']>[0];

  it('has the organization as its index, and every figure of the line in its place', () => {
    const points: (AnalyticsEngineDataPoint | undefined)[] = [];
    const refusal = { request_id: 'r', code: 'operation_in_progress', waited_ms: 7 } as const;
    reporting((point) => points.push(point)).refused(identity, refusal);
    const [point] = points;
    expect(point?.indexes).toEqual([ORGANIZATION]);
    expect(Object.fromEntries(BLOBS.map((name, index) => [name, point?.blobs?.[index]]))).toMatchObject({
      outcome: 'refused',
      code: 'operation_in_progress',
      version_set: 'edge',
      provider: 'workers-ai',
      models: '',
    });
    expect(Object.fromEntries(DOUBLES.map((name, index) => [name, point?.doubles?.[index]]))).toMatchObject({
      waited_ms: 7,
      total_ms: -1,
      agent_version: 3,
      graph_version: 4,
      client_left: 0,
    });
  });

  it.each([
    ['blob', BLOBS],
    ['double', DOUBLES],
  ])('has each %s in the place that the guide for operators names', (kind, names) => {
    const prose = guide.replaceAll(/\s+/g, ' ');
    const missing = names.filter((name, index) => !prose.includes(`\`${kind}${index + 1}\` ${name}`));
    expect(missing).toEqual([]);
  });

  it('stays within the limits of the platform', () => {
    expect(Math.max(BLOBS.length, DOUBLES.length)).toBeLessThanOrEqual(20);
    new TurnReports({}).died(identity, null);
    const long = { ...turns()[0], organization: 'é'.repeat(200) } as unknown as Parameters<
      typeof turnPoint
    >[0];
    expect(new TextEncoder().encode(turnPoint(long).indexes[0]).length).toBeLessThanOrEqual(96);
  });

  it('harms no turn when the dataset refuses it, and the line is there all the same', () => {
    const reports = reporting(() => {
      throw new Error('no more points');
    });
    reports.died(identity, null);
    expect(turns()).toHaveLength(1);
    expect(log.of('turn_not_reported')).toHaveLength(1);
  });
});
