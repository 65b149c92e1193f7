// Things read by id (cases, findings): shown at once when seen before, and read again behind it.
import { type Signal, signal } from '@preact/signals';
import { asProblem, type Problem } from '../api/problem';
import { isAbort } from '../api/request';

export interface Loaded<Value> {
  value: Value | null;
  problem: Problem | null;
}

const mostKept = 60;

export class LoadedById<Value> {
  private readonly entries = new Map<string, Signal<Loaded<Value>>>();

  constructor(
    private readonly read: (id: string) => Promise<Value>,
    private readonly onRead: (value: Value) => void = () => {},
  ) {}

  // Reads it unless it is there.
  get(id: string): Signal<Loaded<Value>> {
    const entry = this.entries.get(id);
    if (entry) return entry;
    const fresh = signal<Loaded<Value>>({ value: null, problem: null });
    this.entries.set(id, fresh);
    const oldest = this.entries.keys().next().value;
    if (this.entries.size > mostKept && oldest !== undefined) this.entries.delete(oldest);
    void this.reload(id);
    return fresh;
  }

  has(id: string): boolean {
    return this.entries.has(id);
  }

  put(id: string, value: Value): void {
    const entry = this.entries.get(id);
    if (entry) entry.value = { value, problem: null };
    else this.entries.set(id, signal({ value, problem: null }));
    this.onRead(value);
  }

  // What was there stays on screen until the new one is, also when reading it fails.
  async reload(id: string): Promise<void> {
    try {
      this.put(id, await this.read(id));
    } catch (error) {
      const entry = this.entries.get(id);
      if (entry && !isAbort(error)) entry.value = { value: entry.peek().value, problem: asProblem(error) };
    }
  }

  clear(): void {
    this.entries.clear();
  }
}
