// What OCSF calls things, for people.

// "dns_activity" is "DNS activity".
const spelled: Record<string, string> = {
  dns: 'DNS', http: 'HTTP', ssh: 'SSH', rdp: 'RDP', smb: 'SMB', ftp: 'FTP', ntp: 'NTP', dhcp: 'DHCP', api: 'API',
};

export function className(name: string | null): string {
  if (!name) return 'Unreadable';
  const [first = '', ...others] = name.split('_').filter(Boolean);
  return [spelled[first] ?? first.charAt(0).toUpperCase() + first.slice(1), ...others].join(' ');
}

// Those that one asks for most.
export const classes = [
  'network_activity', 'dns_activity', 'http_activity', 'detection_finding', 'process_activity', 'file_activity', 'authentication', 'api_activity', 'email_activity',
];
