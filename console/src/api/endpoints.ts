// Every call the console makes, one line each.
import type {
  AuditEntry, AuditPage, BulkAnswer, BulkRequest, Bundle, Case, CaseChange, Conversation, Coverage, EventDetail, EventPage, FeaturePreview, FeatureSet, Finding, FindingIdentities, FindingSummary, Hold, HoldScope, Lineage, Me, NewToken,
  Person, ProcessTree, Promotion, PromotionPlan, QuarantinePage, QuarantineReason, QueuePage, Retention, RetentionPlan, Role, Run, RunDifference, RunPage, SignedIn, SignInWay, Sources, Status, Suppression, Token, VerdictGiven,
  Verification, Scope,
} from './contract';
import { request } from './request';

const id = encodeURIComponent;

export const getMe = () => request<Me>('/v1/me', { signingIn: true });
export const getWays = () => request<{ ways: SignInWay[] }>('/v1/sign-in', { signingIn: true });
export const signIn = (token: string) => request<Me>('/v1/session', { method: 'POST', body: { token }, signingIn: true });
export const signOut = () => request<void>('/v1/session', { method: 'DELETE' });

export const getQueue = (query: URLSearchParams, signal?: AbortSignal) =>
  request<QueuePage>(`/v1/queue?${query}`, signal ? { signal } : {});
export const getCase = (key: string, signal?: AbortSignal) => request<Case>(`/v1/cases/${id(key)}`, signal ? { signal } : {});
export const getCaseFindings = (key: string, offset: number, limit: number) =>
  request<{ findings: FindingSummary[] }>(`/v1/cases/${id(key)}/findings?offset=${offset}&limit=${limit}`);
export const changeCase = (key: string, change: CaseChange, version: number) =>
  request<Case>(`/v1/cases/${id(key)}`, { method: 'PATCH', body: change, version });
export const addNote = (key: string, text: string) =>
  request<Case>(`/v1/cases/${id(key)}/notes`, { method: 'POST', body: { text } });
export const giveVerdict = (key: string, verdict: VerdictGiven) =>
  request<Case>(`/v1/cases/${id(key)}/verdict`, { method: 'POST', body: verdict });
export const changeCases = (body: BulkRequest) => request<BulkAnswer>('/v1/cases/bulk', { method: 'POST', body });

export const getFinding = (key: string, signal?: AbortSignal) =>
  request<Finding>(`/v1/findings/${id(key)}`, signal ? { signal } : {});
export const getConversation = (finding: string) => request<Conversation>(`/v1/findings/${id(finding)}/conversation`);
export const getProcesses = (finding: string) => request<ProcessTree>(`/v1/findings/${id(finding)}/processes`);

export const getFindingIdentities = (key: string) => request<FindingIdentities>(`/v1/findings/${id(key)}/identities`);

export const getPeople = () => request<{ people: Person[] }>('/v1/people');
export const getSessions = () => request<{ sessions: SignedIn[] }>('/v1/sessions');
export const endSessions = (who: string) => request<{ ended: number }>(`/v1/sessions/${id(who)}`, { method: 'DELETE' });
export const getTokens = () => request<{ tokens: Token[] }>('/v1/tokens');
export const makeToken = (body: { name: string; role: Role; expires: string | null }) => request<NewToken>('/v1/tokens', { method: 'POST', body });
export const revokeToken = (key: string) => request<Token>(`/v1/tokens/${id(key)}`, { method: 'DELETE' });

export const getRetention = () => request<Retention>('/v1/retention');
export const getRetentionPlan = () => request<{ plans: RetentionPlan[] }>('/v1/retention/plan', { patient: true });
export const getHolds = () => request<{ holds: Hold[] }>('/v1/holds');

export const placeHold = (body: { scope: HoldScope; reason: string }) => request<Hold>('/v1/holds', { method: 'POST', body });
export const releaseHold = (key: string) => request<Hold>(`/v1/holds/${id(key)}`, { method: 'DELETE' });

export const getSuppressions = () => request<{ suppressions: Suppression[] }>('/v1/suppressions');
export const makeSuppression = (body: { scope: Scope; reason: string; expires: string }) =>
  request<Suppression>('/v1/suppressions', { method: 'POST', body });
export const revokeSuppression = (key: string) => request<void>(`/v1/suppressions/${id(key)}`, { method: 'DELETE' });

export const getStatus = () => request<Status>('/v1/status');

export const getSources = () => request<Sources>('/v1/sources');
export const getCoverage = (source: string) => request<Coverage>(`/v1/sources/coverage?source=${id(source)}`);
export const getQuarantineReasons = () => request<{ reasons: QuarantineReason[]; total: number }>('/v1/quarantine/reasons');
export const getQuarantine = (query: URLSearchParams) => request<QuarantinePage>(`/v1/quarantine?${query}`);
export const retryQuarantined = (which: { source: string | null; mapping: string | null; after: string | null }) =>
  request<{ tried: number; released: number; decided: number; kept: number; next: string | null }>('/v1/quarantine/retry', { method: 'POST', body: which, patient: true });

export const getEvents = (query: URLSearchParams) => request<EventPage>(`/v1/events?${query}`);
export const getEvent = (digest: string) => request<EventDetail>(`/v1/events/digest/${id(digest)}`);

export const getFeatures = (domain: string) => request<FeatureSet>(`/v1/features?domain=${id(domain)}`);
export const getFeatureValues = (query: URLSearchParams) => request<FeaturePreview>(`/v1/features/values?${query}`, { patient: true });

export const getRuns = (query: URLSearchParams) => request<RunPage>(`/v1/runs?${query}`);
export const getRun = (key: string) => request<Run>(`/v1/runs/${id(key)}`);
export const compareRuns = (before: string, after: string) => request<RunDifference>(`/v1/runs/${id(before)}/diff?with=${id(after)}`);

export const getDeployments = (domain: string) => request<{ history: Promotion[] }>(`/v1/deployments/${id(domain)}`);
export const getBundles = (domain: string) => request<{ bundles: Bundle[] }>(`/v1/deployments/${id(domain)}/bundles`);
// Without a bundle: what a rollback would do.
export const planDeployment = (domain: string, bundle: string | null) =>
  request<PromotionPlan>(`/v1/deployments/${id(domain)}/plan${bundle ? `?bundle=${id(bundle)}` : ''}`);
export const promote = (domain: string, bundle: string, reason: string) =>
  request<Promotion>(`/v1/deployments/${id(domain)}/promote`, { method: 'POST', body: { bundle, reason } });
export const rollBack = (domain: string, reason: string) =>
  request<Promotion>(`/v1/deployments/${id(domain)}/rollback`, { method: 'POST', body: { reason } });

export const getAudit = (query: URLSearchParams) => request<AuditPage>(`/v1/audit?${query}`);
export const getAuditEntry = (index: number) => request<AuditEntry & { canonical: string; size: number }>(`/v1/audit/${index}`);
export const proofOf = (index: number): string => `/v1/audit/${index}/proof`;
export const checkpointFile = '/v1/audit/checkpoint';
export const keysFile = '/v1/audit/keys';
export const verifyAudit = (known: string[]) => request<Verification>('/v1/audit/verify', { method: 'POST', body: { known }, patient: true });

export const getLineage = (key: string) => request<Lineage>(`/v1/lineage/${id(key)}`);
