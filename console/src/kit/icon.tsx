// Line icons of 16 units, drawn here; each path is one subject.
const paths = {
  alert: 'M8 5v3.5M8 11h.01M2.5 13.5 8 3l5.5 10.5z',
  archive: 'M2.5 4h11v2.5h-11zM3.5 6.5v6h9v-6M6.5 9h3',
  back: 'M9.5 3.5 5 8l4.5 4.5',
  bell_off: 'M4.5 10.5V7a3.5 3.5 0 0 1 5.6-2.8M11.5 7v3.5h-7l-1 1h9M6.8 13.5h2.4M2.5 2.5l11 11',
  check: 'M3 8.5 6.5 12 13 4.5',
  chevron: 'M6 4l4 4-4 4',
  clip: 'M11.5 7 7 11.5a2 2 0 0 1-3-3l5-5a1.4 1.4 0 0 1 2 2l-4.7 4.7',
  clock: 'M8 4.500V8l2.5 1.500M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
  close: 'M4 4l8 8M12 4l-8 8',
  curve: 'M2.5 2.5v11h11M4.5 5c4 0 7 1.5 8.5 6',
  download: 'M8 2.500v7.500M5 7l3 3 3-3M2.5 13.500h11',
  gauge: 'M2.5 11.500a5.5 5.5 0 1 1 11 0M8 11l2.5-3.5',
  inbox: 'M2.5 9 4.5 3.500h7L13.5 9v3.500h-11zM2.5 9h3.200l.8 1.500h3L10.3 9h3.2',
  link: 'M6.5 9.500l3-3M7 5l1.3-1.300a2.5 2.5 0 0 1 3.5 3.500L10.5 8.500M9 11l-1.3 1.300a2.5 2.5 0 0 1-3.5-3.500L5.5 7.5',
  keyboard: 'M2 4.500h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.300h6',
  layers: 'M8 2.5 14 5.5 8 8.5 2 5.500zM2 8.500l6 3 6-3M2 11l6 3 6-3',
  list: 'M5.5 4.500h8M5.5 8h8M5.5 11.500h8M2.5 4.500h.01M2.5 8h.01M2.5 11.500h.01',
  lineage: 'M5 4h2.500v8H5M7.5 8H11M2.5 3h2.500v2H2.5zM2.5 11h2.500v2H2.5zM11 7h2.500v2H11z',
  mail: 'M2.5 4h11v8h-11zM2.5 4.5 8 9l5.5-4.5',
  moon: 'M13 9.500A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.500z',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  note: 'M3 3.500h10v7H7.500L4.5 13v-2.500H3z',
  offline: 'M2.5 6A8.5 8.5 0 0 1 5 4.400M13.5 6A8.5 8.5 0 0 0 7.5 3.600M5 9a4.5 4.5 0 0 1 2-1.200M8 12h.01M2.5 2.500l11 11',
  plug: 'M6 2.500v3M10 2.500v3M4.5 5.500h7v2a3.5 3.5 0 0 1-7 0zM8 11v2.500',
  pulse: 'M2 8h3l2-4.500 3 9 2-4.500h2',
  sliders: 'M3 4.500h6M12 4.500h1M3 11.500h1M7 11.500h6M10.5 3v3M5.5 10v3',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.500a5 5 0 0 1 10 0',
  plus: 'M8 3.500v9M3.5 8h9',
  promote: 'M8 13.500v-9M4.5 7.500 8 4l3.5 3.500M3 2.500h10',
  refresh: 'M13 8a5 5 0 1 1-1.5-3.500M13 2.500v3h-3',
  search: 'M7 11.500a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.500l3 3',
  shield: 'M8 2.5 3 4.500v3c0 3 2 5 5 6.5 3-1.5 5-3.5 5-6.500v-3z',
  sign_out: 'M9.5 3h-6v10h6M7 8h6.500M11 5.5 13.5 8 11 10.5',
  sun: 'M8 10.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM8 1.800v1.400M8 12.800v1.400M1.8 8h1.400M12.8 8h1.400M3.6 3.600l1 1M11.4 11.400l1 1M3.6 12.400l1-1M11.4 4.600l1-1',
  system: 'M2.5 3.500h11v7h-11zM6 13.500h4M8 10.500v3',
  verdict: 'M5.5 2.500v11M5.5 3.500h7L11 6l1.5 2.500h-7',
  warning: 'M8 5v3.500M8 11h.01M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
