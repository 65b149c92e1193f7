// The cases and findings that were opened.
import type { Case, Finding, ProcessTree } from '../api/contract';
import * as api from '../api/endpoints';
import { remember } from './known_cases';
import { LoadedById } from './loaded';

export const openCases = new LoadedById<Case>((id) => api.getCase(id), remember);
export const openFindings = new LoadedById<Finding>((id) => api.getFinding(id)); // decisions never change
export const openTrees = new LoadedById<ProcessTree>((finding) => api.getProcesses(finding));
