/** Conversations as a list shows them, and the texts that are suggested to a user. */
import * as z from 'zod';
import { VersionSetInfo } from './versions.ts';

/** An analysis that runs after the end of a conversation. */
export const PostProcessing = z
  .enum(['generate-user-models', 'extract-memories', 'compute-metrics'])
  .meta({ id: 'PostAnalysisType' });
/** An analysis that runs after the end of a conversation. */
export type PostProcessing = z.infer<typeof PostProcessing>;

/** A conversation as a list shows it. */
export const ConversationInstance = z
  .object({
    id: z.string(),
    user_id: z.string().meta({ description: 'The user who began the conversation.' }),
    created_at: z.iso.datetime(),
    is_finished: z.boolean(),
    is_analyzed: z.boolean().meta({ description: 'Whether every analysis after the end is done.' }),
    completed_post_processings: z.array(PostProcessing).meta({ description: 'The analyses that are done.' }),
    final_message: z.string().meta({
      description: 'The newest message; empty for a caller without `Conversation:GetMessage` on it.',
    }),
    service_id: z.string(),
    version_set_info: VersionSetInfo.nullable().meta({
      description: 'Null for a caller without `Service:GetVersionSet`.',
    }),
    num_messages: z.int(),
    tags: z.record(z.string(), z.string().nullable()),
  })
  .meta({ id: 'ConversationInstance' });
/** A conversation as a list shows it. */
export type ConversationInstance = z.infer<typeof ConversationInstance>;

/** A page of conversations. */
export const ConversationsAnswer = z
  .object({
    conversations: z.array(ConversationInstance),
    has_more: z.boolean(),
    continuation_token: z.int().nullable().meta({ description: 'Null on the last page.' }),
  })
  .meta({ id: 'GetConversationsResponse' });
/** A page of conversations. */
export type ConversationsAnswer = z.infer<typeof ConversationsAnswer>;

/** Responses that the user could give to the latest interaction. */
export const RecommendedResponses = z
  .object({ recommended_responses: z.array(z.string()).meta({ description: 'The best one first.' }) })
  .meta({ id: 'RecommendResponsesResponse' });
/** Responses that the user could give to the latest interaction. */
export type RecommendedResponses = z.infer<typeof RecommendedResponses>;

/** A text to begin a conversation with. */
export const Starter = z
  .object({
    prompt: z.string().meta({ description: 'What the user could begin with.' }),
    facets: z.array(z.string()).meta({ description: 'The facets it is about.' }),
  })
  .meta({ id: 'Prompt' });
/** A text to begin a conversation with. */
export type Starter = z.infer<typeof Starter>;

/** Texts to begin a conversation of a service with. */
export const Starters = z
  .object({ prompts: z.array(Starter) })
  .meta({ id: 'GenerateConversationStarterResponse' });
/** Texts to begin a conversation of a service with. */
export type Starters = z.infer<typeof Starters>;
