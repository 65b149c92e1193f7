// Where an MTA reaches us, as MTAs write it: "inet:8421@127.0.0.1", "inet6:8421@::1",
// "unix:/run/winnow/milter.sock".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace winnow::milter {

struct ListenAddress {
  bool is_unix = false;
  std::string place;       // a host or address, or a path
  std::uint16_t port = 0;  // 0: any free one

  static Result<ListenAddress> parse(std::string_view text);  // Errors: InvalidArgument
  std::string text() const;                                   // as an MTA takes it
  bool is_local() const;  // nobody reaches it from another machine
};

// A socket, closed with its owner; a unix one is removed from the file system as well.
class ListeningSocket {
 public:
  // A socket file that nobody listens at any more is replaced. Errors: InvalidArgument (a host that
  // is not known, a path that is too long), AlreadyExists (somebody listens there, or another kind
  // of file is there), Denied, Unavailable.
  static Result<ListeningSocket> open(ListenAddress address);
  ~ListeningSocket();
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;

  int descriptor() const { return descriptor_; }
  const ListenAddress& address() const { return address_; }  // with the port that it got

 private:
  ListeningSocket(int descriptor, ListenAddress address)
      : descriptor_(descriptor), address_(std::move(address)) {}
  int descriptor_;
  ListenAddress address_;
};

}  // namespace winnow::milter
