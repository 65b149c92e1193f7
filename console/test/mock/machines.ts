// A finding about a process, one about a logon, and the processes around them.
import type { Finding, ProcessNode, ProcessTree } from '../../src/api/contract';

const encoded = 'powershell.exe -nop -w hidden -enc JABjAD0ATgBlAHcALQBPAGIAagBlAGMAdAAgAE4AZQB0AC4AVwBlAGIAQwBsAGkAZQBuAHQA';

export function ofMachines(finding: Finding): Finding {
  return {
    ...finding,
    sender: 'ana.brandt',
    subject: `process: ${encoded}`,
    mail: null,
    ocsf: {
      class_name: 'Process Activity',
      class_uid: 1007,
      activity_id: 1,
      metadata: { version: '1.8.0', product: { name: 'Sysmon' } },
      device: { hostname: 'ws-0042.halvenmoor.example' },
      process: {
        uid: 'b34bc01c-3031-5f69-6a01-000000000900',
        pid: 4242,
        name: 'powershell.exe',
        cmd_line: encoded,
        integrity: 'Medium',
        user: { name: 'ana.brandt', domain: 'HALVENMOOR' },
        file: { path: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', company_name: 'Microsoft Corporation', internal_name: 'PowerShell.EXE' },
      },
      actor: { process: { name: 'WINWORD.EXE', cmd_line: 'WINWORD.EXE /n "C:\\Users\\ana.brandt\\Downloads\\tavo-12.docm"' } },
      win_service: { name: 'tavo', cmd_line: '%SystemRoot%\\tavo.exe' },
      job: { name: '\\tavo', cmd_line: 'C:\\ProgramData\\tavo\\tavo.exe' },
      reg_value: { path: 'HKU\\S-1-5-21-4711\\Software\\Microsoft\\Windows\\CurrentVersion\\Run', name: 'tavo', data: 'C:\\ProgramData\\tavo\\tavo.exe' },
      script: { script_content: { value: 'Get-ADComputer -Filter *' } },
      share: '\\\\*\\ADMIN$',
    },
  };
}

export function logonOf(finding: Finding): Finding {
  return {
    ...finding,
    sender: '10.20.0.62',
    subject: 'logon: adm-jon.weiss',
    mail: null,
    ocsf: {
      class_name: 'Authentication',
      class_uid: 3002,
      status_id: 2,
      status_detail: 'wrong password',
      metadata: { version: '1.8.0', product: { name: 'Windows' } },
      user: { name: 'adm-jon.weiss', domain: 'HALVENMOOR' },
      src_endpoint: { ip: '10.20.0.62', hostname: 'WS-0042' },
      dst_endpoint: { hostname: 'files-01.halvenmoor.example' },
      logon_type_id: 3,
      auth_protocol: 'NTLM',
      actor: { user: { name: 'ana.brandt' } },
    },
  };
}

const node = (kin: ProcessNode['kin'], depth: number, name: string, command: string, started: string | null): ProcessNode => ({
  kin, depth, name, command, started,
  path: `C:\\Windows\\System32\\${name}`,
  user: 'ana.brandt',
  sha256: 'a8a4c4719113b071bb50d67f6e12c188b92c70eeafdfcd6f5da69b6aaa99a7fd',
  pid: 1000 + 37 * depth,
  event: started && `${depth}`.repeat(64),
});

export const processesOf = (): ProcessTree => ({
  processes: [
    node('ancestor', 0, 'explorer.exe', '', null),
    node('ancestor', 1, 'WINWORD.EXE', 'WINWORD.EXE /n "C:\\Users\\ana.brandt\\Downloads\\tavo-12.docm"', '2026-03-03T14:05:06Z'),
    node('own', 2, 'powershell.exe', encoded, '2026-03-03T14:05:26Z'),
    node('descendant', 3, 'updater.exe', '"C:\\Users\\ana.brandt\\AppData\\Roaming\\tavo\\updater.exe"', '2026-03-03T14:05:36Z'),
    node('descendant', 4, 'cmd.exe', 'cmd.exe /c whoami /all', '2026-03-03T14:16:02Z'),
    node('descendant', 5, 'whoami.exe', 'whoami /all', '2026-03-03T14:16:03Z'),
  ],
  looked_at: 3120,
  cut: true,
});
