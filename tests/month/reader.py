#!/usr/bin/env python3
"""Reads the files of a report with eyes that are not greffier's: openpyxl (Debian: python3-openpyxl),
and Python's own csv and zipfile.

  reader.py dump BOOK.xlsx    every sheet, cell by cell with its kind and format, and every chart
  reader.py check FOLDER      the files of one report agree: lines.json, entry.json, day.json (as greffier
                              writes them), lines.csv, entry.csv, fr.xlsx and en.xlsx

All moments of the report lie in summer time.
"""
import csv
import datetime
import decimal
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as xml
import zipfile

import openpyxl

ZONE = datetime.timezone(datetime.timedelta(hours=-4))
DANGEROUS = "=+-@\t\r\n＝＋－＠"
STAGES = ["draft", "claim", "writing", "opinion", "signature", "delivery", "elsewhere"]
SHEETS = ["Sommaire", "Évolution", "Répartition", "Étapes", "Tableau", "Questions"]
CHARTS = {"Évolution": 3, "Répartition": 1, "Étapes": 1}
CHANNELS = {
    "inside": "réponse par une lettre approuvée",
    "outside": "réponse hors de l’outil",
    "telephone": "réponse par téléphone",
    "meeting": "réponse en rencontre",
    "other": "réponse donnée autrement",
}
FATES = {"as-is": "tel quel", "edited": "modifié", "rejected": "rejeté"}
KINDS = {"cegep": "Cégep", "municipalite": "Municipalité", "fournisseur": "Fournisseur"}
# Office hours as decimal numbers: two places, halves away from zero.
CENT = decimal.Decimal("0.01")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    if sys.argv[1] == "dump":
        sys.stdout.reconfigure(encoding="utf-8")
        dump(pathlib.Path(sys.argv[2]))
    elif sys.argv[1] == "check":
        check(pathlib.Path(sys.argv[2]))
    else:
        sys.exit(__doc__)


# --- dump

def dump(path):
    for sheet in openpyxl.load_workbook(path).worksheets:
        print(f"== {sheet.title} ({sheet.max_row} rows, {sheet.max_column} columns)")
        for row in sheet.iter_rows():
            print(" | ".join(shown(cell) for cell in row).rstrip(" |"))
        for chart in charts(path)[sheet.title]:
            print(f"-- {chart['kind']} chart “{chart['title']}”")
            for series in chart["series"]:
                print(f"   {series['name']}: {series['values']} over {series['categories']}")


def shown(cell):
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return json.dumps(cell.value, ensure_ascii=False)
    return f"{cell.value} [{cell.number_format}]" if cell.number_format != "General" else str(cell.value)


def charts(path):
    """Of each sheet: openpyxl drops them when it loads a book, so they are read from its parts."""
    with zipfile.ZipFile(path) as book:
        def links(part):
            folder, name = part.rsplit("/", 1)
            found = f"{folder}/_rels/{name}.rels"
            if found not in book.namelist():
                return {}
            return {of.get("Id"): of.get("Target") for of in xml.fromstring(book.read(found))}

        def part(target):
            return "xl/" + target.removeprefix("../").removeprefix("/xl/")

        of_sheet = {}
        parts = links("xl/workbook.xml")
        for sheet in xml.fromstring(book.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
            of_sheet[sheet.get("name")] = found = []
            for drawing in links(part(parts[sheet.get(LINK)])).values():
                for target in links(part(drawing)).values():
                    found.append(chart(xml.fromstring(book.read(part(target)))))
        return of_sheet


def chart(root):
    plot = root.find(f"{CHART}chart/{CHART}plotArea")
    kind = next(of.tag for of in plot if of.tag.endswith("Chart"))
    line = plot.find(kind)
    direction = line.find(f"{CHART}barDir")
    text = lambda of, name: of.find(f"{CHART}{name}").find(f".//{CHART}f").text
    return {
        "kind": {"col": "column", "bar": "bar"}[direction.get("val")] if direction is not None else "line",
        "title": "".join(of.text for of in root.find(f"{CHART}chart/{CHART}title").iter(f"{DRAWN}t")),
        "series": [
            {"name": text(of, "tx"), "values": text(of, "val"), "categories": text(of, "cat")}
            for of in line.iter(f"{CHART}ser")
        ],
    }


# --- check

def check(folder):
    read = lambda name: [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]
    lines, entries, days = read("lines.json"), read("entry.json"), read("day.json")
    need(len(lines) >= 10 and len(entries) >= 3, "too little to compare")

    rows = csv_rows(folder / "lines.csv")
    need(len(rows) == len(lines) + 1, "lines.csv: rows")
    columns = {name: place for place, name in enumerate(rows[0])}
    for row, line in zip(rows[1:], lines):
        for name, value in expected(line).items():
            same(f"lines.csv, thread {line['thread']}, {name}", row[columns[name]], in_csv(value))
    harmless = [cell for row in rows[1:] for cell in row if cell.startswith("'")]
    need(len(harmless) >= 3, f"lines.csv: the dangerous names are missing: {harmless}")
    figures_csv(folder / "entry.csv", entries)

    book = openpyxl.load_workbook(folder / "fr.xlsx")
    same("sheets", book.sheetnames, SHEETS)
    drawn = {name: len(of) for name, of in charts(folder / "fr.xlsx").items() if of}
    same("charts", drawn, CHARTS)
    no_formulas(folder / "fr.xlsx", book)
    head = [cell.value for cell in book["Questions"][1]]
    same("the header of the questions", head, rows[0])
    same("questions", book["Questions"].max_row, len(lines) + 1)
    for row, line in zip(book["Questions"].iter_rows(min_row=2), lines):
        for name, value in expected(line).items():
            same(f"questions, thread {line['thread']}, {name}", row[columns[name]].value, in_book(value))
    figures_sheet(book["Tableau"], entries, entry_name)
    figures_sheet(book["Évolution"], days, lambda day: day, drawn=True)
    summary(book["Sommaire"], lines)
    distribution(book["Répartition"], lines)
    stages(book["Étapes"], lines)
    for name, of in charts(folder / "fr.xlsx").items():
        for series in (series for chart in of for series in chart["series"]):
            last = book[name].max_row
            for reach in (series["values"], series["categories"]):
                need(re.fullmatch(rf"'?{name}'?!\$[A-Z]+\$2:\$[A-Z]+\${last}", reach), f"{name}: {reach}")

    other = openpyxl.load_workbook(folder / "en.xlsx")
    no_formulas(folder / "en.xlsx", other)
    for french, english in zip(book.worksheets, other.worksheets):
        numbers = lambda sheet: [
            (cell.coordinate, cell.value) for row in sheet.iter_rows() for cell in row
            if cell.value is not None and not isinstance(cell.value, str)
        ]
        same(f"the numbers of {english.title}", numbers(english), numbers(french))
    print(f"{len(lines)} questions read back")


def csv_rows(path):
    raw = path.read_bytes()
    need(raw.startswith(b"\xef\xbb\xbf") and not raw.startswith(b"\xef\xbb\xbf" * 2), f"{path.name}: one mark")
    text = raw.decode("utf-8-sig")
    need(text.count("\n") == text.count("\r\n") == text.count("\r"), f"{path.name}: line ends")
    need(text.endswith("\r\n"), f"{path.name}: the last line's end")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    same(f"{path.name}: the width of the rows", {len(row) for row in rows}, {len(rows[0])})
    for row in rows:
        for cell in row:
            need(cell.lstrip(" ")[:1] not in DANGEROUS or not cell.strip(" "), f"{path.name}: a formula: {cell!r}")
    return rows


def expected(line):
    """The cells of a question, by their headings."""
    moment = lambda name: datetime.datetime.fromisoformat(line[name].replace("Z", "+00:00")) if line.get(name) else None
    yes = lambda flag: None if flag is None else "oui" if flag else "non"
    answered, days, age = line["answered"], line.get("business_days"), line.get("age", {})
    fate = lambda of: FATES[of["fate"]] + (f" ({of['changed']}\N{NO-BREAK SPACE}%)" if of["fate"] == "edited" else "")
    spent = {of["stage"]: of["business_seconds"] for of in line.get("stages", [])}
    cells = {
        "fil": line["thread"],
        "question": line["question"],
        "organisme": line["organisation"],
        "genre d’organisme": KINDS.get(line.get("kind")),
        "entrée": line["entry"],
        "entrées": " ".join(line["entries"]),
        "reçue": moment("received"),
        "brouillon prêt": moment("drafted"),
        "prise en charge": moment("claimed"),
        "avis demandé": moment("opinion_asked"),
        "avis reçu": moment("opinion_received"),
        "approuvée": moment("approved"),
        "signée": moment("signed"),
        "remise": moment("handed_over"),
        "réponse": CHANNELS[answered] if answered else "fermée sans réponse" if line.get("closed") else "sans réponse",
        "fermée sans réponse": moment("closed"),
        "motifs de pause": " · ".join(pause["reason"] for pause in line.get("pauses", [])),
        "pauses (h)": hours(line["paused_seconds"]),
        "délai (h)": hours(line["wall_seconds"]),
        "délai (h ouvrables)": hours(line["business_seconds"]),
        "secondes": line["wall_seconds"],
        "secondes ouvrables": line["business_seconds"],
        "jours ouvrables": days,
        "âge (h)": hours(age.get("wall_seconds")),
        "âge (h ouvrables)": hours(age.get("business_seconds")),
        "âge (jours ouvrables)": age.get("business_days"),
        "cible (jours ouvrables)": line["target_days"],
        "dans la cible": yes(None if days is None else days <= line["target_days"]),
        "en retard": yes(None if line.get("closed") else (days or age.get("business_days", 0)) > line["target_days"]),
        "rouvertures": line["reopened"],
        "hors FAQ": yes(line["off_faq"]),
        "textes proposés": " · ".join(f"{of['entry']}\N{NO-BREAK SPACE}: {fate(of)}" for of in line.get("offered", [])),
        "jours fériés confirmés": yes(line["confirmed"]),
        "réviseur": line.get("reviewer"),
    }
    names = ["préparation du brouillon", "attente d’une personne", "rédaction", "attente d’un avis",
             "attente de la signature", "délai d’envoi et remise", "réponse donnée ailleurs"]
    for stage, name in zip(STAGES, names):
        cells[f"{name} (h ouvrables)"] = hours(spent.get(stage))
    return cells


def hours(seconds):
    if seconds is None:
        return None
    return (decimal.Decimal(seconds) / 3600).quantize(CENT, decimal.ROUND_HALF_UP)


def in_csv(value):
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, decimal.Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    return "'" + text if text.lstrip(" ")[:1] and text.lstrip(" ")[0] in DANGEROUS else text


def in_book(value):
    if isinstance(value, datetime.datetime):
        # A cell keeps seconds, and knows no zone.
        return value.astimezone(ZONE).replace(tzinfo=None, microsecond=0)
    if isinstance(value, decimal.Decimal):
        return float(value)
    return value if value != "" else None


def entry_name(entry):
    return entry or "hors FAQ"


def figures(of):
    """The cells of a group, after its name."""
    few = of["count"] < 5
    times = lambda name: [
        *(None if few else hours(of[name][part]) for part in ("median", "p75", "p90", "max")),
        " · ".join(in_csv(hours(value)) for value in of[name].get("values", [])) or None,
    ]
    return [
        of["questions"], of["count"], of["within"], of["share"], *times("business"), *times("wall"),
        of["open"], of["overdue"], of["closed"], of["outside"], of["spoken"], of["reopened"], of["off_faq"],
        of["off_faq_share"], of["as_is"], of["edited"], of["rejected"],
        None if of["changed"] is None else of["changed"] / 100,
    ]


def figures_csv(path, groups):
    rows = csv_rows(path)
    same(f"{path.name}: rows", len(rows), len(groups) + 1)
    # Shares have four decimals there.
    share = lambda value: f"{value:.4f}".replace(".", ",") if isinstance(value, float) else in_csv(value)
    for row, of in zip(rows[1:], groups):
        same(f"{path.name}: {of['group']}", row, [entry_name(of["group"]), *map(share, figures(of))])


def figures_sheet(sheet, groups, name, drawn=False):
    """With the median that the chart is drawn from, be the values ever so few."""
    same(f"{sheet.title}: rows", sheet.max_row, len(groups) + 1)
    for row, of in zip(sheet.iter_rows(min_row=2, values_only=True), groups):
        median = [in_book(hours(of["business_median"]))] if drawn else []
        close(f"{sheet.title}: {of['group']}", row, [name(of["group"]), *map(in_book, figures(of)), *median])


def quantiles(values):
    """By nearest rank, counted a second time."""
    values = sorted(values)
    few = len(values) < 5
    rank = lambda percent: values[-(-len(values) * percent // 100) - 1]
    listed = " · ".join(in_csv(hours(value)) for value in values) if few and values else None
    return [*(None if few else float(hours(rank(percent))) for percent in (50, 75, 90, 100)), listed]


def summary(sheet, lines):
    said = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    answered = [line for line in lines if line["answered"]]
    late = [line for line in lines if line.get("age") and line["age"]["business_days"] > line["target_days"]]
    within = [line for line in answered if line["business_days"] <= line["target_days"]]
    median, p75, p90, longest, _ = quantiles([line["business_seconds"] for line in answered])
    need(len(answered) >= 5 and late, "the summary: too little to compare")
    for name, value in {
        "questions": len(lines),
        "réponses": len(answered),
        "dans la cible": len(within),
        "part dans la cible": len(within) / (len(answered) + len(late)),
        "médiane (h ouvrables)": median,
        "75e centile (h ouvrables)": p75,
        "90e centile (h ouvrables)": p90,
        "maximum (h ouvrables)": longest,
        "ouvertes": sum(1 for line in lines if line.get("age")),
        "ouvertes en retard": len(late),
        "fermées sans réponse": sum(1 for line in lines if line.get("closed")),
        "hors FAQ": sum(1 for line in lines if not line["entry"]),
    }.items():
        close(f"the summary: {name}", [said[name]], [value])


def distribution(sheet, lines):
    days = [min(line["business_days"], 10) for line in lines if line["answered"]]
    expected = [[str(number) if number < 10 else "10 et plus", days.count(number)] for number in range(11)]
    same("the distribution", [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)], expected)


def stages(sheet, lines):
    spent = [of for line in lines for of in line.get("stages", [])]
    whole = sum(of["business_seconds"] for of in spent)
    same("the stages add up", whole, sum(line["business_seconds"] or 0 for line in lines))
    rows = iter(sheet.iter_rows(min_row=2, values_only=True))
    for stage in STAGES:
        of_stage = [of for of in spent if of["stage"] == stage]
        if of_stage:
            business = [of["business_seconds"] for of in of_stage]
            wall = [of["wall_seconds"] for of in of_stage]
            median = float(hours(sorted(business)[(len(business) - 1) // 2]))
            expected = [len(of_stage), *quantiles(business), *quantiles(wall), sum(business) / whole, median]
            close(f"the stage {stage}", next(rows)[1:], expected)
    same("more stages", list(rows), [])


def no_formulas(path, book):
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                need(cell.data_type != "f", f"{path.name}, {sheet.title} {cell.coordinate}: a formula")
                need(cell.hyperlink is None, f"{path.name}, {sheet.title} {cell.coordinate}: a link")
    with zipfile.ZipFile(path) as parts:
        same(f"{path.name}: damaged part", parts.testzip(), None)
        for name in parts.namelist():
            need("externalLink" not in name and "vba" not in name.lower(), f"{path.name}: {name}")
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                need(not list(xml.fromstring(parts.read(name)).iter(f"{MAIN}f")), f"{path.name}, {name}: a formula")


def close(what, found, expected):
    """Equal, but for what the sixteenth digit of a share may differ by."""
    found = list(found)
    need(len(found) == len(expected), f"{what}: {found!r} instead of {expected!r}")
    for one, other in zip(found, expected):
        alike = one == other or (isinstance(other, float) and isinstance(one, (int, float)) and abs(one - other) < 1e-12)
        need(alike, f"{what}: {one!r} instead of {other!r} in {found!r}")


def same(what, found, expected):
    need(found == expected, f"{what}: {found!r} instead of {expected!r}")


def need(holds, what):
    if not holds:
        sys.exit(what)


if __name__ == "__main__":
    main()
