// Every word of the page, in both languages, and numbers as people of that language write them.

const TEXTS = {
  en: {
    title: "Upload files", back: "Back to Homie", choose: "Drop files here", list: "Files",
    hint: "Or choose them. Large files may be interrupted: they go on where they stopped.",
    touchHint: "Large files may be interrupted: they go on where they stopped.",
    files: "Choose files", wholeFolder: "Choose a folder", camera: "Take a photo",
    waiting: "Waiting", starting: "Starting", paused: "Paused", finished: "Arrived whole", savedAs: "Saved as {name}",
    offline: "No connection. It goes on by itself.", retrying: "Interrupted. It goes on by itself.",
    busy: "The server is busy. It goes on by itself.",
    progress: "{done} of {size}", pause: "Pause", resume: "Go on", cancel: "Cancel", retry: "Try again",
    remove: "Remove from the list", pauseAll: "Pause all", resumeAll: "Go on with all", retryAll: "Try failed ones again",
    working: "{left} of {count} still to send", allDone: "Everything has arrived", oneDone: "1 file has arrived",
    manyDone: "{count} files have arrived", someFailed: "{failed} of {count} could not be sent",
    allPaused: "Paused", rate: "{done} of {size} · {rate}/s", more: "and {count} more",
    interrupted: "Interrupted before: {names}. Choose the same files again, and they go on where they stopped.",
    full: "The drive is full. Make room on it, then try again: what has arrived is kept.",
    readOnly: "This folder can only be read.", away: "The drive is not connected. Connect it, then try again.",
    expired: "This link is no longer valid. Open it again from Homie and choose the same file: it goes on where it stopped.",
    unreadable: "This device cannot read the file any more. Choose it again.",
    tooMany: "Too many unfinished uploads. Cancel some first.", failed: "It could not be sent. Try again.",
    leave: "Files are still being sent.",
  },
  de: {
    title: "Dateien hochladen", back: "Zurück zu Homie", choose: "Dateien hierher ziehen", list: "Dateien",
    hint: "Oder auswählen. Große Dateien dürfen unterbrochen werden: Sie gehen dort weiter, wo sie aufgehört haben.",
    touchHint: "Große Dateien dürfen unterbrochen werden: Sie gehen dort weiter, wo sie aufgehört haben.",
    files: "Dateien auswählen", wholeFolder: "Ordner auswählen", camera: "Foto aufnehmen",
    waiting: "Wartet", starting: "Beginnt", paused: "Angehalten", finished: "Vollständig angekommen",
    savedAs: "Gespeichert als {name}",
    offline: "Keine Verbindung. Es geht von selbst weiter.", retrying: "Unterbrochen. Es geht von selbst weiter.",
    busy: "Der Server ist beschäftigt. Es geht von selbst weiter.",
    progress: "{done} von {size}", pause: "Anhalten", resume: "Weiter", cancel: "Abbrechen", retry: "Noch einmal versuchen",
    remove: "Aus der Liste nehmen", pauseAll: "Alle anhalten", resumeAll: "Alle weiter", retryAll: "Fehlgeschlagene noch einmal",
    working: "Noch {left} von {count}", allDone: "Alles ist angekommen", oneDone: "1 Datei ist angekommen",
    manyDone: "{count} Dateien sind angekommen", someFailed: "{failed} von {count} nicht gesendet",
    allPaused: "Angehalten", rate: "{done} von {size} · {rate}/s", more: "und {count} weitere",
    interrupted: "Vorher unterbrochen: {names}. Wähle dieselben Dateien noch einmal, dann geht es dort weiter.",
    full: "Das Laufwerk ist voll. Schaffe Platz und versuche es noch einmal: Was angekommen ist, bleibt.",
    readOnly: "Dieser Ordner kann nur gelesen werden.",
    away: "Das Laufwerk ist nicht verbunden. Verbinde es und versuche es noch einmal.",
    expired: "Dieser Link gilt nicht mehr. Öffne ihn in Homie noch einmal und wähle dieselbe Datei: Es geht dort weiter.",
    unreadable: "Dieses Gerät kann die Datei nicht mehr lesen. Wähle sie noch einmal aus.",
    tooMany: "Zu viele angefangene Dateien. Brich zuerst einige ab.", failed: "Nicht gesendet. Versuche es noch einmal.",
    leave: "Es werden noch Dateien gesendet.",
  },
};

const language = document.documentElement.lang in TEXTS ? document.documentElement.lang : "en";
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"];

export function text(key, values = {}) {
  return TEXTS[language][key].replace(/{(\w+)}/g, (_, name) => values[name]);
}

export function bytes(count) {
  const step = Math.min(Math.floor(Math.log(Math.max(count, 1)) / Math.log(1000)), UNITS.length - 1);
  const digits = step < 2 ? 0 : count / 1000 ** step < 100 ? 1 : 0;
  const options = { style: "unit", unit: UNITS[step], unitDisplay: "short", minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, options).format(count / 1000 ** step);
}
