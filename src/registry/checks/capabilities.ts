/** Checks the capabilities of a file: tools, dynamic behavior sets, metrics, models. */
import type { Tool, ToolVersion } from '../capabilities.ts';
import { textsOf } from '../graph-ways.ts';
import { isPublicUrl } from '../public-address.ts';
import { isToolSecretOf } from '../tool-secrets.ts';
import { bracketMessages } from './brackets.ts';
import { walkReferences } from './circles.ts';
import type { Draft } from './draft.ts';
import type { Issue } from './issues.ts';
import { jsonSchemaIssues } from './json-schema.ts';
import { toolSpecMessage } from './tool-specs.ts';

type Path = PropertyKey[];

function urlMessage(url: string, isProduction: boolean): string | null {
  if (!isProduction) return null;
  if (URL.parse(url)?.protocol !== 'https:') return 'must be an https URL in production';
  return isPublicUrl(url) ? null : 'must name a host of the public internet in production';
}

function toolVersionIssues(
  version: ToolVersion,
  path: Path,
  organization: string | null,
  isProduction: boolean,
): Issue[] {
  const url = urlMessage(version.url, isProduction);
  return [
    ...(url === null ? [] : [{ path: [...path, 'url'], message: url }]),
    ...jsonSchemaIssues(version.input_schema).map((issue) => ({
      path: [...path, 'input_schema', ...issue.path],
      message: issue.message,
    })),
    ...Object.entries(version.headers).flatMap(([header, value]) => {
      if (typeof value === 'string' || 'user_variable' in value) return [];
      if (organization === null || isToolSecretOf(value.secret, organization)) return [];
      const message = `"${value.secret}" belongs to another organization`;
      return [{ path: [...path, 'headers', header, 'secret'], message }];
    }),
  ];
}

function behaviorIssues(draft: Draft): Issue[] {
  const tools = new Map(
    draft.tools.flatMap((tool): [string, Tool][] => (tool === null ? [] : [[tool.id, tool]])),
  );
  const services = new Set([...draft.services.flatMap((service) => service?.id ?? []), ...draft.unread]);
  const states = new Set([
    ...draft.graphs.flatMap((graph) => (graph?.states ?? []).flatMap((state) => state?.name ?? [])),
    ...draft.unread,
  ]);
  const has = (state: string) => states.has(state);
  const named = { has, refers: (_reference: string, state: string) => has(state), isAnywhere: has };
  return draft.dynamic_behavior_sets.flatMap((set, index) => {
    const path: Path = ['dynamic_behavior_sets', index];
    return [
      ...(set?.service_ids ?? []).flatMap((id, at) =>
        services.has(id)
          ? []
          : [{ path: [...path, 'service_ids', at], message: `there is no service ${id}` }],
      ),
      ...(set?.actions ?? []).flatMap((action, at): Issue[] => {
        const here = [...path, 'actions', at];
        if (action.type === 'inject-instruction') {
          return bracketMessages(action.instruction, named).map((message) => ({
            path: [...here, 'instruction'],
            message,
          }));
        }
        return action.tool_call_specs.flatMap((spec, number) => {
          const at_ = [...here, 'tool_call_specs', number];
          const wrong = toolSpecMessage(spec, tools, draft.unread);
          const texts = textsOf(spec).flatMap(({ path: inside, text }) =>
            bracketMessages(text, named).map((message) => ({ path: [...at_, ...inside], message })),
          );
          return wrong === null ? texts : [{ path: [...at_, wrong.field], message: wrong.message }, ...texts];
        });
      }),
    ];
  });
}

function metricIssues({ metrics }: Draft): Issue[] {
  return metrics.flatMap((metric, index): Issue[] => {
    const path: Path = ['metrics', index];
    if (metric?.type === 'categorical' && metric.computed === null && metric.categories.length === 0) {
      return [{ path: [...path, 'categories'], message: 'must have a category to choose' }];
    }
    if (metric?.type !== 'numeric' || metric.minimum === null || metric.maximum === null) return [];
    if (metric.minimum <= metric.maximum) return [];
    return [{ path: [...path, 'minimum'], message: `must not be above the maximum ${metric.maximum}` }];
  });
}

function modelIssues({ models, unread }: Draft): Issue[] {
  const fallbacks = new Map(
    models.flatMap((model): [string, string[]][] =>
      model === null ? [] : [[model.name, model.fallback === null ? [] : [model.fallback]]],
    ),
  );
  const { circles } = walkReferences(fallbacks);
  return models.flatMap((model, index): Issue[] => {
    if (model === null || model.fallback === null) return [];
    const path = ['models', index, 'fallback'];
    if (!fallbacks.has(model.fallback)) {
      return unread.has(model.fallback) ? [] : [{ path, message: `there is no model "${model.fallback}"` }];
    }
    const circle = circles.find((names) => names.includes(model.name));
    if (circle === undefined) return [];
    return [{ path, message: `fallbacks form a circle: ${[...circle, circle[0]].join(' → ')}` }];
  });
}

/**
 * Returns the issues of tools, behavior sets, metrics and models. In production, the URL of a tool must be https and
 * public.
 */
export function capabilityIssues(draft: Draft, isProduction: boolean): Issue[] {
  return [
    ...draft.tools.flatMap((tool, index) =>
      (tool?.versions ?? []).flatMap((version, at) =>
        toolVersionIssues(
          version,
          ['tools', index, 'versions', at],
          draft.organization?.id ?? null,
          isProduction,
        ),
      ),
    ),
    ...behaviorIssues(draft),
    ...metricIssues(draft),
    ...modelIssues(draft),
  ];
}
