import { problem } from '../../problems.ts';
import type { Service } from '../../registry/organization.ts';
import { resolveVersions, type RegistryReader, type ResolvedVersions } from '../../registry/reader.ts';

/** The active service that a request names, and the versions that its version set means now. Throws 404. */
export async function findService(
  registry: RegistryReader,
  organization: string,
  request: { service_id: string; service_version_set_name: string },
): Promise<{ service: Service; versions: ResolvedVersions }> {
  const catalog = await registry.catalog(organization);
  const service = catalog.services.find(({ id }) => id === request.service_id);
  if (service === undefined || !service.is_active) {
    throw problem('service_not_found', `There is no active service ${request.service_id}.`);
  }
  const versions = resolveVersions(catalog, service, request.service_version_set_name);
  if (versions === null) {
    throw problem('version_set_not_found', 'The service has no version set of that name.');
  }
  return { service, versions };
}
