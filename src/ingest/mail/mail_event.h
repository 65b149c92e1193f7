// From what was read of a mail to the attributes of its event (ocsf/mail_attributes.h), topic by
// topic. What is absent in the mail stays absent in the event.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/mail.h"
#include "ingest/mail/mail_attachment.h"
#include "ingest/mail/mail_auth.h"
#include "ingest/mail/mail_body.h"
#include "ingest/mail/mail_people.h"
#include "ingest/mail/mail_problems.h"
#include "ocsf/event.h"

namespace winnow {

void set_class_facts(std::uint64_t size, ocsf::EventBuilder& event);
void set_people(const MailPeople& people, ocsf::EventBuilder& event);
void set_subject(std::string_view subject, ocsf::EventBuilder& event);
void set_message_id(std::string_view value, ocsf::EventBuilder& event);
// The texts, and what the layout tells. `problems` may grow.
void set_body(const MailBody& body, const MailLimits& limits, MailProblems& problems,
              ocsf::EventBuilder& event);
void set_links(const MailBody& body, ocsf::EventBuilder& event);
void set_attachments(std::span<const MailAttachment> attachments, std::uint64_t count,
                     ocsf::EventBuilder& event);
void set_received(std::span<const PlacedHop> hops, std::uint64_t count, ocsf::EventBuilder& event);
void set_auth(const MailAuth& auth, ocsf::EventBuilder& event);
void set_problems(const MailProblems& problems, ocsf::EventBuilder& event);

}  // namespace winnow
