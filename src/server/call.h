// One request that may go on, as an endpoint sees it: answered at once by writing response(), or
// later by a reader, the desk, or whoever takes its ticket.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "http/server.h"
#include "pipeline/mail_content.h"
#include "server/access/gate.h"
#include "server/access/sign_in_record.h"
#include "server/activity.h"
#include "server/metrics.h"
#include "server/route.h"
#include "server/splunk_acks.h"
#include "server/storage_use.h"
#include "server/threads/desk.h"
#include "server/threads/intake.h"
#include "server/threads/live.h"
#include "server/threads/readers.h"
#include "server/threads/records.h"
#include "server/threads/scorer.h"
#include "server/threads/searchers.h"
#include "server/ticket.h"

namespace winnow::server {

class Expiry;
class OidcSignIn;
class RequestTrace;
class SyslogReceiver;
class Tail;

// What stands behind the endpoints; all of it outlives every call.
struct Backing {
  Gate& gate;
  Metrics& metrics;
  Readers& readers;
  Records& records;
  Searchers& searchers;
  Desk& desk;
  SignInRecord& sign_ins;
  Scorer& scorer;
  Intake& intake;
  Expiry& expiry;
  SplunkAcks& splunk_acks;
  Live& live;
  const Activity& activity;
  const FormatWatch& formats;
  StorageUse& storage;
  RoleSet mail_readers;                  // who is shown what mails say
  OidcSignIn* oidc;                      // null: no identity provider is configured
  trace::Tracer* tracer;                 // null: nothing is traced
  const SyslogReceiver* syslog;          // null: no syslog is received
  const Tail* tail;                      // null: no files are followed
  std::shared_ptr<const http::Tls> tls;  // null: the server does not encrypt
  std::string workspace;                 // its name, for people
  std::string version, build;
  std::function<std::size_t()> connections;
};

// Lives on a loop's thread while its endpoint runs.
class Call {
 public:
  using Time = std::chrono::steady_clock::time_point;
  Call(http::Exchange& exchange, const Backing& backing, const Route& route,
       std::string_view variable, const Identity* who, Time started,
       std::unique_ptr<RequestTrace>& trace)
      : exchange_(&exchange),
        backing_(&backing),
        route_(&route),
        variable_(variable),
        who_(who),
        started_(started),
        trace_(&trace) {}

  const http::Request& request() const { return exchange_->request(); }
  const Route& route() const { return *route_; }
  std::string variable() const;  // of the path, decoded
  const Identity& who() const;   // of a route that asks for an identity
  const Backing& backing() const { return *backing_; }
  Time started() const { return started_; }
  // What of a mail who asks may be shown; whatever answers with some of it asks here.
  MailContent mail_content() const;

  // Now:
  http::Response& response() { return exchange_->response(); }
  // Later, by one of these, once. What they are given runs soon on another thread and writes the
  // response; the request stays valid until then. Too much waits already: 429.
  void read_later(std::function<void(ReaderStores& stores, http::Response& response)> read);
  void look_up_later(std::function<void(RecordStores& stores, http::Response& response)> look_up);
  void search_later(std::function<void(SearchStores& stores, http::Response& response)> search);
  void change_later(std::function<void(DeskStores& stores, http::Response& response)> change);
  Ticket take_ticket();
  // Instead of any of these: a stream of events. response() gives it more fields.
  http::EventStream take_stream() { return exchange_->stream(); }
  bool is_taken() const { return taken_; }  // somebody answers later

 private:
  http::Exchange* exchange_;
  const Backing* backing_;
  const Route* route_;
  std::string_view variable_;
  const Identity* who_;
  Time started_;
  std::unique_ptr<RequestTrace>* trace_;  // goes with the ticket
  bool taken_ = false;
};

// The number under which a route is counted: its place in routes().
std::size_t number_of(const Route* route);

}  // namespace winnow::server
