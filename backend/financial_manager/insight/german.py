"""What changed in a month, in German, for tables and papers: the sentences of `news` by their English templates."""

from __future__ import annotations

GERMAN_NEWS = {
    "{said} were spent; too few months are known to say what is usual.":
        "{said} wurden ausgegeben; es sind zu wenige Monate bekannt, um zu sagen, was üblich ist.",
    "{said} were spent so far; usually it is {before} in a month.":
        "{said} wurden bisher ausgegeben; üblich sind {before} im Monat.",
    "{said} were spent, about as usual.": "{said} wurden ausgegeben, etwa wie üblich.",
    "{said} were spent, {differs} more than usual.": "{said} wurden ausgegeben, {differs} mehr als üblich.",
    "{said} were spent, {differs} less than usual.": "{said} wurden ausgegeben, {differs} weniger als üblich.",
    "{said} more came back than was spent.": "{said} mehr kamen zurück, als ausgegeben wurde.",
    "{title}: {said} more went back than came in.": "{title}: {said} mehr gingen zurück, als hereinkam.",
    "{title}: {said} more came back than was spent.": "{title}: {said} mehr kamen zurück, als ausgegeben wurde.",
    "{title}: {said}, where usually nothing is spent.": "{title}: {said}, wo sonst nichts ausgegeben wird.",
    "{title}: {said} came in, {differs} more than usual.": "{title}: {said} kamen herein, {differs} mehr als üblich.",
    "{title}: {said} came in, {differs} less than usual.":
        "{title}: {said} kamen herein, {differs} weniger als üblich.",
    "{title}: {said} were spent, {differs} more than usual.":
        "{title}: {said} wurden ausgegeben, {differs} mehr als üblich.",
    "{title}: {said} were spent, {differs} less than usual.":
        "{title}: {said} wurden ausgegeben, {differs} weniger als üblich.",
    "New: {said} to {name}.": "Neu: {said} an {name}.",
    "{name} did not come: {said} were expected on {value}.": "{name} blieb aus: {said} waren am {value} erwartet.",
    "Among the largest: {said} to {name} on {day}.": "Unter den größten: {said} an {name} am {day}.",
    "Among the largest: {said} on {day}.": "Unter den größten: {said} am {day}.",
    "{name} comes again each week: {amount}.": "{name} kommt jede Woche wieder: {amount}.",
    "{name} comes again every two weeks: {amount}.": "{name} kommt alle zwei Wochen wieder: {amount}.",
    "{name} comes again each month: {amount}.": "{name} kommt jeden Monat wieder: {amount}.",
    "{name} comes again every three months: {amount}.": "{name} kommt alle drei Monate wieder: {amount}.",
    "{name} comes again every six months: {amount}.": "{name} kommt alle sechs Monate wieder: {amount}.",
    "{name} comes again each year: {amount}.": "{name} kommt jedes Jahr wieder: {amount}.",
    "{name} went from {before} to {after} in {value}.": "{name}: seit {value} {after} statt {before}.",
}  # fmt: skip
