import type { SentMessageType } from '../../contract/messages.ts';
import { allowsSending } from '../../access/message-types.ts';
import type { Caller } from '../../access/permissions.ts';
import { homeOf } from '../../home.ts';
import { problem } from '../../problems.ts';
import type { ConversationIdentity } from '../../conversation/records.ts';
import type { Catalog, Organization, Service, User } from '../../registry/organization.ts';
import { resolveVersions, type RegistryReader, type ResolvedVersions } from '../../registry/reader.ts';

/** A service that the caller may begin a conversation with, and the versions that its version set means now. */
export interface OpenService {
  catalog: Catalog;
  service: Service;
  versions: ResolvedVersions;
}

/**
 * The active service that a request names, for a caller who may create a conversation with it. `initial` is the type of
 * its initial message; null when it has none. Throws 404 and 403.
 */
export async function openService(
  registry: RegistryReader,
  caller: Caller,
  request: { service_id: string; service_version_set_name: string },
  initial: SentMessageType | null,
): Promise<OpenService> {
  const catalog = await registry.catalog(caller.organization);
  const service = catalog.services.find(({ id }) => id === request.service_id);
  if (service === undefined || !service.is_active) {
    throw problem('service_not_found', `There is no active service ${request.service_id}.`);
  }
  const versions = resolveVersions(catalog, service, request.service_version_set_name);
  if (versions === null) {
    throw problem('version_set_not_found', 'The service has no version set of that name.');
  }
  const attributes = { org_id: caller.organization, user_id: caller.user_id, service_id: service.id };
  const types = initial === null ? [] : [initial];
  if (!allowsSending(caller.grants, 'Conversation:CreateConversation', attributes, types)) {
    throw problem('permission_missing', 'This requires the permission Conversation:CreateConversation.');
  }
  return { catalog, service, versions };
}

/** Returns what never changes about a new conversation of a user; the user model is not known yet. */
export function identityOf(
  id: string,
  organization: Organization,
  user: User,
  { service, versions }: OpenService,
): Omit<ConversationIdentity, 'user_model'> {
  return {
    id,
    ...homeOf(organization),
    directory_shards: organization.directory_shards,
    user_id: user.id,
    user_name: user.name,
    service_id: service.id,
    language: user.preferred_language ?? organization.default_user_preferences.preferred_language,
    versions,
    ...(service.busy_policy !== undefined && { busy_policy: service.busy_policy }),
    ...(service.recover === true && { recover: true }),
  };
}
