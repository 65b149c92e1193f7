// What every mail begins with, honest or not: a topic, put into words for one recipient.
#pragma once

#include <string>

#include "simulate/company.h"
#include "simulate/detail/letter.h"
#include "simulate/detail/phrases.h"

namespace winnow::simulate {

struct Composition {
  Topic topic = Topic::Talk;
  Language language = Language::En;
  const Person* recipient = nullptr;
  Timestamp sent;
  std::string sender;  // "Given Family", or a robot's name
  std::string brand;   // the organisation that writes
  bool presses = false;
  bool demands = false;
};

// A letter with subject, body and first recipient; sender, links and road are still to be set.
Letter compose(const Company& company, const Composition& wanted, Rng& rng);

// The slots of such a text, for those who expand further symbols.
Slots slots_of(const Company& company, const Composition& wanted, Rng& rng);

// How people write: the program at hand, and whether it makes HTML.
Client person_client(Rng& rng);
Shape person_shape(Rng& rng);

// The path and query of a link as services build them: "/d/9f3c21".
std::string link_path(Rng& rng);
std::string hex_digits(std::size_t count, Rng& rng);
std::string message_id(std::string_view domain, Rng& rng);

}  // namespace winnow::simulate
