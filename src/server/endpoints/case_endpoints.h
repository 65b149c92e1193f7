// The queue, cases, and what people do with them.
#pragma once

#include "server/call.h"

namespace winnow::server {

void list_queue(Call& call);
void list_case_findings(Call& call);
void get_case(Call& call);

void change_case(Call& call);
void note_on_case(Call& call);
void judge_case(Call& call);
void change_cases(Call& call);

// How somebody is shown a case.
struct CaseShown {
  Timestamp now;
  MailContent content;
  bool holds;  // which holds are about it
};
CaseShown shown_to(const Call& call);

// The case as it is, with its version as entity tag.
void write_case(cases::CaseReader& reader, HoldReader& holds, std::string_view id,
                const CaseShown& shown, http::Response& response);

}  // namespace winnow::server
