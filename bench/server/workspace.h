// A workspace to serve, made with the winnow binary as its user would, and the server on it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/file.h"

namespace winnow::bench {

// In a temporary folder that ends with it: simulated mail, the training that ships, a champion.
class BenchWorkspace {
 public:
  enum class Champion { Trained, None };
  explicit BenchWorkspace(Champion champion = Champion::Trained);
  ~BenchWorkspace();
  BenchWorkspace(const BenchWorkspace&) = delete;
  BenchWorkspace& operator=(const BenchWorkspace&) = delete;

  Path new_mail() const { return folder_ / "mail/new.mbox"; }
  std::string token_of(std::string_view role) const;
  // What `winnow WORDS` prints in the workspace; ends the program when it fails.
  std::string run(std::string_view words) const;
  Path soc() const { return folder_ / "soc"; }

 private:
  Path folder_;
};

// `winnow serve` on a free port; stopped with this object.
class ServeProcess {
 public:
  explicit ServeProcess(const Path& soc);
  ~ServeProcess();
  ServeProcess(const ServeProcess&) = delete;
  ServeProcess& operator=(const ServeProcess&) = delete;

  std::uint16_t port() const { return port_; }
  // Waits until it decides mails; milliseconds since its start.
  double wait_until_ready() const;
  pid_t process() const { return process_; }
  double resident_mib() const;

 private:
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace winnow::bench
