const shown: Record<string, string> = {
  Escape: 'Esc', Enter: '↵', ArrowDown: '↓', ArrowUp: '↑', Space: '␣', Shift: '⇧', Ctrl: 'Ctrl',
};

// "Shift+X" as keycaps.
export function Key({ keys }: { keys: string }) {
  return (
    <span class="keys" aria-hidden="true">
      {keys.split(' ').map((chord) =>
        chord.split('+').map((key) => <kbd key={chord + key}>{shown[key] ?? (key.length === 1 ? key.toUpperCase() : key)}</kbd>),
      )}
    </span>
  );
}
