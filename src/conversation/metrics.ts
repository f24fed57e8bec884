/** The metrics of a finished conversation: computed from its path, or judged by the reasoner. */
import * as z from 'zod';
import type { FinishedConversation, Reasoner } from '../agent/reasoner.ts';
import { MetricResult, type ConversationMetrics } from '../contract/insights.ts';
import type { Metric, MetricValue } from '../registry/capabilities.ts';
import type { ConversationRecord } from './records.ts';
import type { ConversationStore } from './store.ts';

/** The course of a conversation, as far as it gives metrics by itself. */
export interface Course {
  completed: boolean;
  num_interactions: number;
  num_messages: number;
  duration_seconds: number;
  /** The states in which the agent spoke and that it passed through, in order. */
  states: readonly string[];
}

function computed(metric: Metric, course: Course): MetricValue | null {
  switch (metric.computed) {
    case null:
      return null;
    case 'completed':
      return course.completed;
    case 'states_visited':
      return new Set(course.states).size;
    case 'final_state':
      return course.states.at(-1) ?? '';
    case 'duration_seconds':
    case 'num_interactions':
    case 'num_messages':
      return course[metric.computed];
  }
}

/** A judged value within what its definition allows. */
export function withinDefinition(metric: Metric, value: MetricValue): MetricValue {
  if (metric.type === 'boolean') return value === true;
  if (metric.type === 'numeric') {
    const number = typeof value === 'number' && Number.isFinite(value) ? value : (metric.minimum ?? 0);
    return Math.min(Math.max(number, metric.minimum ?? -Infinity), metric.maximum ?? Infinity);
  }
  const text = String(value);
  return metric.categories.includes(text) ? text : (metric.categories[0] ?? text);
}

/** Computes every metric of a finished conversation, by its course or by the reasoner. Throws what the reasoner throws. */
export async function computeMetrics(
  metrics: readonly Metric[],
  course: Course,
  conversation: FinishedConversation,
  reasoner: Reasoner,
): Promise<MetricResult[]> {
  return Promise.all(
    metrics.map(async (metric) => {
      const value =
        computed(metric, course) ??
        withinDefinition(metric, await reasoner.judgeMetric(conversation, metric));
      return { metric_id: metric.id, name: metric.name, value };
    }),
  );
}

const StoredResults = z.array(MetricResult);

/** Returns the metrics of a conversation as they are stored; none before they are computed. */
export function metricsOf(
  store: Pick<ConversationStore, 'analysisResult'>,
  { analysis }: Pick<ConversationRecord, 'analysis'>,
): ConversationMetrics {
  const isDone = analysis.completed.includes('compute-metrics');
  const results = isDone ? StoredResults.safeParse(store.analysisResult('compute-metrics')).data : undefined;
  return { status: isDone ? 'done' : analysis.status, metrics: results ?? [] };
}
