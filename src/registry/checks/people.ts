/** Checks roles, users, keys, guests, issuers, and the settings of the organization. */
import { MessageType } from '../../contract/messages.ts';
import { DEFAULT_ROLES } from '../../access/default-roles.ts';
import type { PermissionGrant } from '../../access/permissions.ts';
import { isLanguage } from '../languages.ts';
import { LIMITED_OPERATIONS } from '../limited-operations.ts';
import type { Organization } from '../organization.ts';
import { timeZoneMessage } from '../time-zones.ts';
import type { Draft } from './draft.ts';
import type { Issue } from './issues.ts';

type Path = PropertyKey[];

/** Variables of conditions. `grantsFor` in `access/permissions.ts` replaces them by values. */
const VARIABLES = ['{self_user_id}', '{self_org_id}'];
/** Types of messages that conditions may name. */
const MESSAGE_TYPES: readonly string[] = MessageType.options;

/** Returns the issue of an unknown code of a language; none if there is no code. */
export function languageIssues(code: string | null | undefined, path: Path): Issue[] {
  if (code === null || code === undefined || isLanguage(code)) return [];
  return [{ path, message: `there is no language "${code}" in ISO 639-3` }];
}

/** Says what is wrong with the values of the conditions of a grant. */
export function variableIssues(
  { conditions }: PermissionGrant,
  path: Path,
  services: ReadonlySet<string>,
): Issue[] {
  return Object.entries(conditions).flatMap(([attribute, condition]) => {
    const values = condition.type === 'In' ? condition.values : [condition.value];
    return values.flatMap((value, index): Issue[] => {
      const where = condition.type === 'In' ? ['values', index] : ['value'];
      const at = [...path, 'conditions', attribute, ...where];
      if (typeof value !== 'string')
        return [{ path: at, message: 'must be a text: no other value can match' }];
      if (VARIABLES.includes(value)) return [];
      if (/[{}]/.test(value)) {
        return [
          { path: at, message: `there is no variable "${value}": there are ${VARIABLES.join(' and ')}` },
        ];
      }
      if (attribute === 'message_type' && !MESSAGE_TYPES.includes(value)) {
        return [{ path: at, message: `must be one of ${MESSAGE_TYPES.join(', ')}` }];
      }
      const isUnknown = attribute === 'service_id' && !services.has(value);
      return isUnknown ? [{ path: at, message: `there is no service ${value}` }] : [];
    });
  });
}

function roleIssues({ roles }: Organization, services: ReadonlySet<string>): Issue[] {
  return roles.flatMap((role, index) => {
    const path = ['organization', 'roles', index];
    const isReserved = Object.hasOwn(DEFAULT_ROLES, role.name) || role.name in Object.prototype;
    return [
      ...(isReserved
        ? [{ path: [...path, 'name'], message: `"${role.name}" is reserved: give the role another name` }]
        : []),
      ...role.permission_grants.flatMap((grant, at) =>
        variableIssues(grant, [...path, 'permission_grants', at], services),
      ),
    ];
  });
}

function zoneIssues(timezone: string | null | undefined, path: Path): Issue[] {
  const message = timezone == null ? null : timeZoneMessage(timezone);
  return message === null ? [] : [{ path, message }];
}

function settingIssues({
  default_user_preferences: preferences,
  rate_limits,
  allowed_origins,
}: Organization): Issue[] {
  const path = ['organization', 'default_user_preferences'];
  const operations: readonly string[] = LIMITED_OPERATIONS;
  return [
    ...languageIssues(preferences.preferred_language, [...path, 'preferred_language']),
    ...zoneIssues(preferences.timezone, [...path, 'timezone']),
    ...Object.keys(rate_limits).flatMap((operation) =>
      operations.includes(operation)
        ? []
        : [
            {
              path: ['organization', 'rate_limits', operation],
              message: `there is no operation "${operation}": there are ${operations.join(', ')}`,
            },
          ],
    ),
    ...allowed_origins.flatMap((origin, index) => {
      const plain = URL.parse(origin)?.origin;
      if (plain === undefined || plain === origin) return [];
      return [{ path: ['organization', 'allowed_origins', index], message: `must be an origin: "${plain}"` }];
    }),
  ];
}

/** Returns the issues of the role of users that an issuer creates: it must exist, and be one that the issuer signs in. */
function createdRoleIssues(
  signedIn: readonly string[] | null,
  role: string,
  roles: ReadonlySet<string>,
  path: Path,
): Issue[] {
  if (!roles.has(role)) return [{ path: [...path, 'role'], message: `there is no role "${role}"` }];
  if (signedIn === null || signedIn.includes(role)) return [];
  return [{ path: [...path, 'role'], message: 'must be one of the roles that the issuer signs in' }];
}

/** Returns the issues of people, roles and settings. */
export function peopleIssues(draft: Draft): Issue[] {
  const { organization, users, api_keys, unread } = draft;
  const roles = new Set([
    ...Object.keys(DEFAULT_ROLES),
    ...(organization?.roles ?? []).map(({ name }) => name),
    ...unread,
  ]);
  const services = new Set([...draft.services.flatMap((service) => service?.id ?? []), ...unread]);
  const roleOf = (role: string, path: Path): Issue[] =>
    roles.has(role) ? [] : [{ path: [...path, 'role'], message: `there is no role "${role}"` }];
  return [
    ...(organization === null ? [] : [...roleIssues(organization, services), ...settingIssues(organization)]),
    ...(organization?.guests ?? []).flatMap(({ org_id, role }, index) => {
      const path = ['organization', 'guests', index];
      const isOwn = org_id === organization?.id;
      const message = 'must be another organization: its own users are not guests';
      return [...roleOf(role, path), ...(isOwn ? [{ path: [...path, 'org_id'], message }] : [])];
    }),
    ...(organization?.token_issuers ?? []).flatMap((issuer, index) => {
      const path: Path = ['organization', 'token_issuers', index];
      const created = issuer.create_users?.role;
      return [
        ...(issuer.roles ?? []).flatMap((role, at) =>
          roles.has(role) ? [] : [{ path: [...path, 'roles', at], message: `there is no role "${role}"` }],
        ),
        ...(created === undefined
          ? []
          : createdRoleIssues(issuer.roles, created, roles, [...path, 'create_users'])),
      ];
    }),
    ...users.flatMap((user, index) =>
      user === null
        ? []
        : [
            ...roleOf(user.role, ['users', index]),
            ...languageIssues(user.preferred_language, ['users', index, 'preferred_language']),
            ...zoneIssues(user.preferences?.timezone, ['users', index, 'preferences', 'timezone']),
          ],
    ),
    ...api_keys.flatMap((key, index) => (key === null ? [] : roleOf(key.role, ['api_keys', index]))),
  ];
}
