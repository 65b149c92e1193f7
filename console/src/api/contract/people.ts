// Who asks, and how people sign in.

export type Role = 'analyst' | 'senior' | 'engineer' | 'admin' | 'auditor' | 'sensor';

export interface Me {
  name: string;
  role: Role;
  csrf: string;
  workspace: string;
  expires_at: string;
}

export interface Person {
  name: string;
  role: Role;
}

// Somebody who is signed in: as often as in browsers.
export interface SignedIn {
  id: string; // of the token, or of the provider's person
  name: string;
  role: Role;
  by_provider: boolean;
  opened: string;
  used: string;
  ends: string; // unless it is used before
}

export interface Token {
  id: string;
  name: string;
  role: Role;
  created: string;
  actor: string; // who made it
  expires: string | null;
  revoked: string | null;
}
export interface NewToken extends Token {
  token: string; // in the answer that made it, and never again
}

export interface SignInWay {
  kind: 'oidc' | 'token';
  name: string;
  start: string | null;
}

export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string;
}
