/** Settings of `npm start`: model and voice, and incomplete configurations. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { demandFreePort } from '../../scripts/port.ts';
import { SettingsError, variableArguments } from '../../scripts/settings.ts';
import { workerVariables } from '../../scripts/worker-variables.ts';
import { ModelServer } from './model-server.ts';
import { freePort } from './server.ts';

const models = new ModelServer();
let baseUrl = '';
let folder = '';
/** Settings without a server and without a file. */
let nowhere: Record<string, string> = {};

beforeAll(async () => {
  baseUrl = await models.start();
  folder = await mkdtemp(join(tmpdir(), 'settings-'));
});
afterAll(async () => {
  await models.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  models.models = ['nomic-embed-text', 'llama3.2:latest', 'qwen2.5:7b'];
  const [LLM_PORT, SPEECH_PORT] = [String(await freePort()), String(await freePort())];
  nowhere = { LLM_PORT, SPEECH_PORT, DEV_VARS: '' };
});

async function developmentFile(text: string): Promise<string> {
  const path = join(folder, 'dev.vars');
  await writeFile(path, text);
  return path;
}

/** The sentence in which a configuration is refused. */
async function refusal(env: Record<string, string>, args: string[] = []): Promise<string> {
  const error: unknown = await workerVariables(args, { ...nowhere, ...env }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SettingsError);
  return (error as SettingsError).message;
}

describe('an incomplete configuration is refused with the name of the missing variable', () => {
  const URL_ = 'http://localhost:1/v1';
  it.each<[Record<string, string>, string]>([
    [{ LLM_BASE_URL: URL_ }, 'LLM_MODEL is missing: LLM_BASE_URL is set.'],
    [{ LLM_BASE_URL: URL_, LLM_MODEL: '' }, 'LLM_MODEL is missing: LLM_BASE_URL is set.'],
    [{ LLM_BASE_URL: URL_, LLM_API_KEY: 'k' }, 'LLM_MODEL is missing: LLM_API_KEY, LLM_BASE_URL are set.'],
    [{ LLM_MODEL: 'm' }, 'LLM_BASE_URL is missing: LLM_MODEL is set.'],
    [{ LLM_MODEL: 'm', LLM_API_KEY: 'k' }, 'LLM_BASE_URL is missing: LLM_API_KEY, LLM_MODEL are set.'],
    [{ LLM_API_KEY: 'k' }, 'LLM_BASE_URL and LLM_MODEL are missing: LLM_API_KEY is set.'],
    [{ LLM_PROVIDER: 'openai-compatible' }, 'LLM_BASE_URL and LLM_MODEL are missing: LLM_PROVIDER is set.'],
    [{ LLM_PROVIDER: 'workers-ai', LLM_MODEL: 'm' }, 'LLM_PROVIDER=workers-ai has no local form'],
    [
      { LLM_PROVIDER: 'openai', LLM_MODEL: 'm' },
      'LLM_PROVIDER must be openai-compatible or workers-ai, not "openai".',
    ],
    [
      { LLM_BASE_URL: 'localhost:1', LLM_MODEL: 'm' },
      'LLM_BASE_URL must be an http or https URL, not "localhost:1".',
    ],
    [{ SPEECH_API_KEY: 'k' }, 'SPEECH_BASE_URL is missing: SPEECH_API_KEY is set.'],
    [
      { SPEECH_MODEL: 'm', TRANSCRIPTION_MODEL: 'n' },
      'SPEECH_BASE_URL is missing: SPEECH_MODEL, TRANSCRIPTION_MODEL are set.',
    ],
    [{ TRANSCRIPTION_LANGUAGES: 'eng' }, 'SPEECH_BASE_URL is missing: TRANSCRIPTION_LANGUAGES is set.'],
    [{ SPEECH_PROVIDER: 'workers-ai' }, 'SPEECH_PROVIDER=workers-ai has no local form'],
    [
      { SPEECH_PROVIDER: 'tts', SPEECH_BASE_URL: URL_ },
      'SPEECH_PROVIDER must be openai-compatible or workers-ai, not "tts".',
    ],
    [{ SPEECH_BASE_URL: 'speech' }, 'SPEECH_BASE_URL must be an http or https URL, not "speech".'],
    [{ LLM_PORT: 'eleven' }, 'LLM_PORT must be a port, not "eleven".'],
  ])('in the environment: %j', async (env, sentence) => {
    expect(await refusal(env)).toContain(sentence);
  });

  it('in a file and in arguments', async () => {
    const DEV_VARS = await developmentFile('LLM_API_KEY=k\n');
    expect(await refusal({ DEV_VARS })).toContain('LLM_BASE_URL and LLM_MODEL are missing');
    expect(await refusal({}, ['--var', 'LLM_MODEL:m'])).toContain('LLM_BASE_URL is missing');
  });
});

describe('settings', () => {
  it('come from a file, the environment, which takes precedence, and arguments, which take precedence over both', async () => {
    const DEV_VARS = await developmentFile(
      `# a comment\nLLM_BASE_URL="${baseUrl}"\nLLM_MODEL=from-file\nLLM_API_KEY='a # key'\nTOOL_A__B=secret\nWORKBENCH=on\nPORT=1\n`,
    );
    const own = await workerVariables([], { ...nowhere, DEV_VARS });
    expect(own.variables).toEqual({
      LLM_PROVIDER: 'openai-compatible',
      LLM_BASE_URL: baseUrl,
      LLM_MODEL: 'from-file',
      LLM_API_KEY: 'a # key',
      TOOL_A__B: 'secret',
      WORKBENCH: 'on',
    });
    const env = {
      ...nowhere,
      DEV_VARS,
      LLM_MODEL: 'from-environment',
      TOOL_A__B: 'other',
      TOOL_C__D: 'more',
    };
    const both = await workerVariables([], env);
    expect(both.variables).toMatchObject({
      LLM_MODEL: 'from-environment',
      TOOL_A__B: 'other',
      TOOL_C__D: 'more',
    });
    const all = await workerVariables(['--var', 'LLM_MODEL:from-argument'], env);
    expect(all.variables.LLM_MODEL).toBe('from-argument');
    expect(all.status.model).toBe(`from-argument at ${baseUrl}`);
  });

  it('switch model and voice off by LLM=off and SPEECH=off, and on again by arguments', async () => {
    const off = {
      ...nowhere,
      LLM: 'off',
      SPEECH: 'off',
      LLM_BASE_URL: 'x',
      LLM_API_KEY: 'k',
      SPEECH_API_KEY: 'k',
    };
    const { variables, status } = await workerVariables([], off);
    expect(variables).toEqual({});
    expect(status).toMatchObject({
      model: 'off (LLM=off): the embedded agent speaks',
      voice: 'off (SPEECH=off)',
    });
    const args = ['--var', `LLM_BASE_URL:${baseUrl}`, '--var', 'LLM_MODEL:m'];
    expect((await workerVariables(args, off)).status.model).toBe(`m at ${baseUrl}`);
  });

  it('state whether limits are on', async () => {
    expect((await workerVariables([], nowhere)).status.limits).toMatch(/^on, as published/);
    expect((await workerVariables(['--var', 'RATE_LIMITS:off'], nowhere)).status.limits).toMatch(/^off/);
    const DEV_VARS = await developmentFile('RATE_LIMITS=off\n');
    expect((await workerVariables([], { ...nowhere, DEV_VARS })).status.limits).toMatch(/^off/);
  });

  it('are read from arguments in both forms', () => {
    expect(variableArguments(['--var', 'A:b:c', '--port', '1', '--var=D:', '--var', 'none'])).toEqual({
      A: 'b:c',
      D: '',
    });
  });
});

describe('a model server on this machine', () => {
  const at = () => ({ ...nowhere, LLM_PORT: new URL(baseUrl).port });

  it.each([
    ['', 'llama3.2:latest'],
    ['qwen2.5:7b', 'qwen2.5:7b'],
    ['llama3.2', 'llama3.2:latest'],
    ['nomic-embed-text', 'nomic-embed-text'],
  ])('is found, and for the setting %j %s speaks', async (LLM_MODEL, speaks) => {
    const { variables, status } = await workerVariables([], { ...at(), LLM_MODEL });
    expect(variables).toEqual({
      LLM_PROVIDER: 'openai-compatible',
      LLM_BASE_URL: baseUrl,
      LLM_MODEL: speaks,
    });
    expect(status.model).toBe(
      `${speaks}, of a local model server at ${baseUrl} (found there; LLM=off switches it off)`,
    );
  });

  it('does not get a key of another server', async () => {
    expect(await refusal({ ...at(), LLM_API_KEY: 'k' })).toContain('LLM_BASE_URL and LLM_MODEL are missing');
  });

  it('is an error with its list of models if it lacks the wanted model', async () => {
    expect(await refusal({ ...at(), LLM_MODEL: 'mistral' })).toBe(
      `LLM_MODEL is "mistral", which a local model server at ${baseUrl} does not have: it has nomic-embed-text, llama3.2:latest, qwen2.5:7b. LLM=off starts without a model.`,
    );
  });

  it('is ignored if it has no model for conversations', async () => {
    models.models = ['nomic-embed-text', 'bge-m3'];
    expect((await workerVariables([], at())).variables).toEqual({});
    models.models = [];
    expect((await workerVariables([], at())).status.model).toMatch(/^off: the embedded agent speaks\./);
  });
});

describe('a port', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::1', '::'])(
    'at which another program listens on %s is taken',
    async (host) => {
      const port = await freePort();
      await demandFreePort(port);
      const other = createServer();
      await new Promise<void>((resolve, reject) => {
        other.once('error', reject);
        other.listen(port, host, resolve);
      });
      await expect(demandFreePort(port)).rejects.toThrow(
        `Port ${port} is taken: another program listens there. Stop it, or choose another port: PORT=${port + 1} npm start`,
      );
      await new Promise((resolve) => {
        other.close(resolve);
      });
      await demandFreePort(port);
    },
  );
});
