// What the agents on the machines write: processes, what these reach and touch, logons.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/rng.h"
#include "base/timestamp.h"
#include "simulate/company.h"
#include "simulate/simulated_record.h"

namespace winnow::simulate {

// Somebody's session on a machine.
struct Session {
  std::string host;     // short name
  std::string address;  // of the machine
  std::string user;     // "SYSTEM", or the account's name
  std::string logon_id;
  std::string_view integrity = "Medium";
};

struct Process {
  Session session;
  std::string guid, image, line;
  std::int64_t pid = 0;
};

// A program as it lies on the disk.
struct Image {
  std::string path;
  std::string maker;     // empty: the file names none
  std::string original;  // the name its maker gave it; empty: none
};
Image of_system(std::string_view leaf);                           // C:\Windows\System32\...
Image of_powershell();                                            // where it lies
Image of_program(std::string_view maker, std::string_view leaf);  // C:\Program Files\maker\...

struct Logon {
  int type = 3;
  std::string source_address = {}, source_host = {};
  bool granted = true;
  bool ntlm = false;
  std::string_view why_not = "0xc000006a";  // of a refused one: wrong password
};

// Collects what the agents write. Everything that is written after `as` belongs to it.
class AgentLog {
 public:
  AgentLog(std::string domain, Rng rng) : domain_(std::move(domain)), rng_(rng) {}

  // From now on: honest work for "", else an intrusion's.
  void as(std::string intrusion) { intrusion_ = std::move(intrusion); }

  Session session(std::string_view host, std::string_view address, std::string_view user,
                  std::string_view integrity);
  // A process that was there before anything was logged.
  Process running(const Session& session, const Image& image);
  Process start(Timestamp at, const Process& parent, const Image& image, std::string_view line);
  // The same in another session of that machine.
  Process start_in(Timestamp at, const Session& session, const Process& parent, const Image& image,
                   std::string_view line);
  void connect(Timestamp at, const Process& process, std::string_view address, std::uint16_t port,
               std::string_view name);
  void look_up(Timestamp at, const Process& process, std::string_view name);
  void open_process(Timestamp at, const Process& process, const Process& target,
                    std::string_view rights);
  void run_inside(Timestamp at, const Process& process, const Process& target);
  void write_file(Timestamp at, const Process& process, std::string_view path);
  void set_value(Timestamp at, const Process& process, std::string_view key, std::string_view data);
  void log_on(Timestamp at, const Session& session, const Logon& logon);
  void install_service(Timestamp at, const Session& session, std::string_view name,
                       std::string_view line);
  void make_task(Timestamp at, const Session& session, std::string_view name,
                 std::string_view command, std::string_view arguments);
  void run_script(Timestamp at, const Session& session, std::string_view text);
  void reach_share(Timestamp at, const Session& session, std::string_view from_address,
                   std::string_view share, std::string_view file);
  void clear_log(Timestamp at, const Session& session);

  Rng& rng() { return rng_; }
  std::vector<SimulatedRecord> take();  // in the order in which they were added

 private:
  Json head(Timestamp at, std::string_view host, std::string_view channel, std::int64_t id);
  Json of_process(Timestamp at, std::int64_t id, const Process& process);
  // What one process does to another; Sysmon spells `guid` as it likes from event to event.
  Json between(Timestamp at, std::int64_t id, const Process& source, const Process& target,
               std::string_view guid);
  void add(Timestamp at, Json members);
  std::string guid();
  std::string with_domain(std::string_view user) const;
  std::string full_name(std::string_view host) const { return std::string(host) + "." + domain_; }

  std::string domain_;
  Rng rng_;
  std::string intrusion_;
  std::vector<SimulatedRecord> records_;
};

}  // namespace winnow::simulate
