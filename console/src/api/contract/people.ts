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
