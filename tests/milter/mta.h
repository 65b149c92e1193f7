// The MTA's side of the milter protocol: what Postfix sends, as bytes, and what it is told.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "milter/listen_address.h"

namespace winnow::testing {

struct Reply {
  char kind = 0;  // 'c', 't', 'y', 'i', 'm', 'q', 'O', ...; 0: the milter has closed
  std::string data;
  friend bool operator==(const Reply&, const Reply&) = default;
};
std::string packet(char command, std::string_view data = "");
std::string text(std::string_view content);  // with its NUL
std::string word(std::uint32_t number);      // big-endian
// The replies in `bytes`, all of them whole.
std::vector<Reply> replies_in(std::string_view bytes);

// What Postfix 3.7 offers.
inline constexpr std::uint32_t kAllActions = 0x1FF, kAllSteps = 0x1FFFFF;
std::string negotiation(std::uint32_t actions = kAllActions, std::uint32_t steps = kAllSteps,
                        std::uint32_t version = 6);

// A mail, and who brings it; by default a harmless one.
struct MtaMail {
  std::string client_name = "mail.shop.example", client_address = "192.0.2.7",
              helo = "mx.shop.example";
  std::string sender = "<ann@shop.example>", recipient = "<bob@soc.example>", queue_id = "4XyZ1";
  std::vector<std::pair<std::string, std::string>> fields = {  // values as behind the colon
      {"From", " Ann <ann@shop.example>"},
      {"To", " bob@soc.example"},
      {"Subject", " Minutes"}};
  std::string body = "Here they are.\r\n";
};
std::string connection_packets(const MtaMail& mail);  // until HELO
std::string mail_packets(const MtaMail& mail);        // from MAIL to the end, as agreed by default

// What the mail is told to become.
struct Fate {
  std::vector<std::string> inserted;  // "X-Winnow-Route: close", the topmost first
  std::vector<std::pair<std::string, std::uint32_t>> removed;
  std::string quarantine, refusal;  // empty: not
  char end = 0;
};
Fate fate_of(const std::vector<Reply>& replies);

// A connection of an MTA to a milter.
class Mta {
 public:
  explicit Mta(const milter::ListenAddress& milter);
  ~Mta();
  Mta(const Mta&) = delete;
  Mta& operator=(const Mta&) = delete;

  bool send(std::string_view bytes);
  Reply read();  // waits for it
  // Negotiates and introduces a client.
  Reply begin(const MtaMail& mail = {});
  // A mail from MAIL to its end, and what is said of it.
  Fate deliver(const MtaMail& mail = {});
  bool is_closed();  // by the milter, sooner or later

 private:
  int socket_;
  std::string in_;
};

}  // namespace winnow::testing
