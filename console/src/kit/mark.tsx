export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
      <rect width="32" height="32" rx="8" class="mark-ground" />
      <path d="M6 10l4 13 6-12 6 12 4-13" class="mark-line" />
    </svg>
  );
}
