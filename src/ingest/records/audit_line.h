// What a line of the audit log of Linux says of the event it is of. The kernel writes one event as
// several lines (https://github.com/linux-audit/audit-documentation/wiki), those of different
// events among each other; lines of one event bear the same stamp.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace winnow {

// Views into the line.
struct AuditLine {
  std::string_view host;   // of a syslog header in front of it; empty: there is none
  std::string_view node;   // as auditd calls the machine; empty: it does not
  std::string_view stamp;  // time and serial number: "1364481363.243:24287"
  std::int64_t seconds = 0;
  bool is_alone = false;  // what programs report themselves takes one line
  bool is_last = false;   // of the kernel's; but for an end mark, which auditd keeps from files
  bool is_end = false;    // the end mark
};

// `type=SYSCALL msg=audit(1364481363.243:24287): ...`, perhaps behind `node=web1` or a syslog
// header. Nothing: it is another log's. Cheap for lines that are.
std::optional<AuditLine> read_audit_line(std::string_view line);

}  // namespace winnow
