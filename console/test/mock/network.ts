// A finding about a connection in the place of one about a mail.
import type { Conversation, Finding } from '../../src/api/contract';

export function ofNetwork(finding: Finding): Finding {
  return {
    ...finding,
    sender: '10.20.0.34',
    subject: 'tls to master.example:443',
    mail: null,
    ocsf: {
      class_name: 'Network Activity',
      metadata: { version: '1.8.0', product: { name: 'Suricata' } },
      src_endpoint: { ip: '10.20.0.34', port: 51234 },
      dst_endpoint: { ip: '198.18.7.9', port: 443 },
      connection_info: { protocol_name: 'tcp' },
      app_protocol_name: 'tls',
      duration: 5300,
      status_detail: 'timeout',
      traffic: { bytes_out: 41_000_000, bytes_in: 220_000, packets_out: 29_400, packets_in: 15_100 },
      tls: { sni: 'master.example', version: 'TLS 1.3', certificate: { issuer: 'CN=master.example', subject: 'CN=master.example' } },
      finding_info: { title: 'MALWARE call home of a known family' },
      query: { hostname: 'master.example', type: 'TXT' },
      http_request: { http_method: 'POST', url: { hostname: 'master.example', path: '/in' }, user_agent: 'Agent/1.0' },
      process: { cmd_line: 'agent --quiet' },
      api: { operation: 'CreateUser', service: { name: 'iam' } },
    },
  };
}

export function conversationOf(): Conversation {
  return {
    source: '10.20.0.34', target: '198.51.100.23', events: 38, connections: 31,
    out: { bytes: 48_220, packets: 412 }, in: { bytes: 2_190_300, packets: 1_806 },
    lasted_ms: 5_412_000, first_at: '2026-03-03T13:02:11Z', last_at: '2026-03-03T14:41:56Z',
    states: [{ word: 'SF', events: 29 }, { word: 'S0', events: 2 }], applications: [{ word: 'tls', events: 38 }], looked_at: 5_001,
  };
}
