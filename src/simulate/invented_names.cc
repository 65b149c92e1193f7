// Words and names that belong to nobody.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/utf8.h"
#include "simulate/company.h"

namespace winnow::simulate {
namespace {

using Names = std::array<std::string_view, 20>;

constexpr std::array<Names, kLanguages> kGivenNames = {{
    {"Alice", "Tom",    "Grace", "Henry", "Nora", "Oscar", "Ruth",  "Simon", "Wendy", "Paul",
     "Fiona", "Gareth", "Holly", "Ian",   "Jean", "Keith", "Laura", "Miles", "Nina",  "Owen"},
    {"Anke",  "Bernd", "Christa", "Dirk",   "Elke",   "Frank",  "Gisela",
     "Heiko", "Ines",  "Jürgen",  "Katrin", "Lars",   "Monika", "Norbert",
     "Petra", "Ralf",  "Silke",   "Timo",   "Ulrike", "Volker"},
    {"Amélie", "Benoît", "Camille", "Didier",  "Élodie",  "Fabrice", "Gaëlle",
     "Hugo",   "Inès",   "Jérôme",  "Karine",  "Luc",     "Margaux", "Nicolas",
     "Odile",  "Pascal", "Renée",   "Sylvain", "Thérèse", "Yves"},
    {"Ana",    "Borja", "Carmen", "Diego", "Elena",   "Félix", "Gloria",
     "Hernán", "Inés",  "Javier", "Lucía", "Martín",  "Nuria", "Óscar",
     "Pilar",  "Raúl",  "Sofía",  "Tomás", "Valeria", "Ximena"},
    {"Adriana", "Bruno", "Catarina", "Duarte", "Eliana", "Fábio",   "Graça",
     "Hélio",   "Inês",  "João",     "Lídia",  "Mário",  "Natália", "Otávio",
     "Paula",   "Rui",   "Sílvia",   "Tiago",  "Vera",   "Zélia"},
    {"Alessia", "Bruno",  "Chiara", "Davide", "Elisa",   "Fabio", "Giulia",
     "Ivo",     "Lorena", "Marco",  "Noemi",  "Ornella", "Paolo", "Renata",
     "Sergio",  "Teresa", "Ugo",    "Viola",  "Walter",  "Zeno"},
}};

constexpr std::array<Names, kLanguages> kFamilyNames = {{
    {"Ashdown",  "Birkett",  "Colwell", "Denham",   "Everly",  "Farrow",  "Grindle",
     "Hartwell", "Inskip",   "Jessop",  "Kendrick", "Lowther", "Marlow",  "Norcott",
     "Ogden",    "Pemberly", "Radley",  "Stanmore", "Thorley", "Wexcombe"},
    {"Ahrens",  "Brandt",  "Clausen", "Dressler", "Eberle",  "Fechner", "Grünwald",
     "Hellwig", "Immel",   "Jahnke",  "Köster",   "Lindner", "Möller",  "Nagel",
     "Oelke",   "Pfister", "Reuter",  "Strauß",   "Thiele",  "Winkler"},
    {"Arnoux",   "Bellanger", "Chauvet",  "Delorme",  "Évrard",  "Fournel", "Gaillard",
     "Huet",     "Imbert",    "Joubert",  "Lacombe",  "Marchal", "Noël",    "Ozanne",
     "Perrault", "Quentin",   "Rouvière", "Sabatier", "Tessier", "Vasseur"},
    {"Aldana",   "Barrera",  "Cordero", "Domínguez", "Escudero", "Fuentes", "Galván",
     "Herrero",  "Ibarra",   "Jurado",  "Lozano",    "Montes",   "Navarro", "Ortega",
     "Peñalver", "Quintana", "Rivas",   "Salcedo",   "Toledo",   "Vidal"},
    {"Abrantes",  "Barreto", "Coutinho",  "Duarte",    "Esteves", "Figueira", "Godinho",
     "Henriques", "Lacerda", "Magalhães", "Nogueira",  "Outeiro", "Pacheco",  "Queirós",
     "Ramalho",   "Saraiva", "Teixeira",  "Valadares", "Xavier",  "Zagalo"},
    {"Albertini", "Bonetti",  "Carrara", "Donati", "Esposti", "Fabbri",   "Gallotti",
     "Iacono",    "Lombardo", "Mancini", "Natali", "Orsini",  "Pellegri", "Quaranta",
     "Rinaldi",   "Sartori",  "Tonelli", "Ubaldi", "Vanni",   "Zanetti"},
}};

constexpr std::array<std::string_view, 24> kOnsets = {"b", "br", "c",  "d", "dr", "f", "g",  "gl",
                                                      "h", "k",  "l",  "m", "n",  "p", "pl", "qu",
                                                      "r", "s",  "st", "t", "tr", "v", "w",  "z"};
constexpr std::array<std::string_view, 8> kVowels = {"a", "e", "i", "o", "u", "ai", "ea", "ou"};
constexpr std::array<std::string_view, 10> kCodas = {"", "", "", "", "l", "n", "r", "s", "x", "nt"};

struct Fold {
  char32_t from;
  std::string_view to;
};
constexpr std::array kFolds = {
    Fold{U'ä', "ae"}, Fold{U'ö', "oe"}, Fold{U'ü', "ue"}, Fold{U'ß', "ss"}, Fold{U'á', "a"},
    Fold{U'à', "a"},  Fold{U'â', "a"},  Fold{U'ã', "a"},  Fold{U'é', "e"},  Fold{U'è', "e"},
    Fold{U'ê', "e"},  Fold{U'ë', "e"},  Fold{U'í', "i"},  Fold{U'î', "i"},  Fold{U'ï', "i"},
    Fold{U'ó', "o"},  Fold{U'ô', "o"},  Fold{U'õ', "o"},  Fold{U'ú', "u"},  Fold{U'ñ', "n"},
    Fold{U'ç', "c"},  Fold{U'É', "e"},  Fold{U'Ó', "o"}};

std::string folded(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const char32_t letter = next_code_point(name, at);
    const auto* fold = std::ranges::find(kFolds, letter, &Fold::from);
    if (fold != kFolds.end()) {
      out += fold->to;
    } else if (letter < 0x80 && letter != U' ' && letter != U'\'') {
      out.push_back(static_cast<char>(letter));
    }
  }
  return ascii_lower(out);
}

}  // namespace

std::string invented_word(Rng& rng, unsigned syllables) {
  std::string word;
  for (unsigned i = 0; i < syllables; ++i) {
    word += rng.pick(kOnsets);
    word += rng.pick(kVowels);
    word += rng.pick(kCodas);
  }
  word[0] = static_cast<char>(word[0] - 'a' + 'A');
  return word;
}

std::string given_name(Language language, Rng& rng) {
  return std::string(rng.pick(kGivenNames[static_cast<std::size_t>(language)]));
}

std::string family_name(Language language, Rng& rng) {
  return std::string(rng.pick(kFamilyNames[static_cast<std::size_t>(language)]));
}

std::string full_name(Language language, Rng& rng) {
  // Two statements: the order in which an expression draws is the compiler's choice.
  const auto given = given_name(language, rng);
  return given + " " + family_name(language, rng);
}

std::string public_ipv4(Rng& rng) {
  const auto low = rng.below(1U << 17);
  return fmt::format("198.{}.{}.{}", 18 + (low >> 16), (low >> 8) & 255, low & 255);
}

std::string mailbox_name(std::string_view given, std::string_view family) {
  return folded(given) + "." + folded(family);
}

}  // namespace winnow::simulate
