/**
 * `npm run --silent demo:env`: prints the first demo identity as shell exports, or all of them as JSON with `--json`.
 */
import { demoIdentities } from './demo.ts';
import { localSettings } from './settings.ts';

const identities = await demoIdentities();
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(identities, null, 2));
} else {
  const [identity] = identities;
  if (identity === undefined) throw new Error('The demo has no identity.');
  const variables = {
    AMIGO_BASE_URL: localSettings().baseUrl,
    AMIGO_ORGANIZATION_ID: identity.organization,
    AMIGO_API_KEY: identity.api_key,
    AMIGO_API_KEY_ID: identity.api_key_id,
    AMIGO_USER_ID: identity.user_id,
    AMIGO_TEST_SERVICE_ID: identity.service_ids[0] ?? '',
  };
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
}
