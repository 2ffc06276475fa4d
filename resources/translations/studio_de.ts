<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Actions</name>
        <message>
            <source>&amp;Parts from other files…</source>
            <translation>&amp;Teile aus anderen Dateien…</translation>
        </message>
        <message>
            <source>Name the files that have the VAE, the text encoders or their output, for calibration and pictures</source>
            <translation>Die Dateien nennen, die VAE, Text-Encoder oder deren Ausgabe enthalten, für Kalibrierung und Bilder</translation>
        </message>
        <message>
            <source>&amp;Open…</source>
            <translation>&amp;Öffnen…</translation>
        </message>
        <message>
            <source>Open a checkpoint: safetensors, sharded index, GGUF, .ckpt, .pt, .bin</source>
            <translation>Eine Modelldatei öffnen: safetensors, Index von Teilen, GGUF, .ckpt, .pt, .bin</translation>
        </message>
        <message>
            <source>Open &amp;folder…</source>
            <translation>&amp;Ordner öffnen…</translation>
        </message>
        <message>
            <source>Open a diffusers folder or a folder of shards</source>
            <translation>Einen diffusers-Ordner oder einen Ordner mit Teilen öffnen</translation>
        </message>
        <message>
            <source>Open the &amp;sample</source>
            <translation>&amp;Beispiel öffnen</translation>
        </message>
        <message>
            <source>Open the small model that comes with Mantissa</source>
            <translation>Das kleine Modell öffnen, das mit Mantissa kommt</translation>
        </message>
        <message>
            <source>Open &amp;plan…</source>
            <translation>&amp;Plan öffnen…</translation>
        </message>
        <message>
            <source>Apply a saved plan, or a layer config of convert-to-quant</source>
            <translation>Einen gespeicherten Plan oder eine Layer-Konfiguration von convert-to-quant anwenden</translation>
        </message>
        <message>
            <source>&amp;Save plan</source>
            <translation>Plan &amp;speichern</translation>
        </message>
        <message>
            <source>Save the plan as JSON</source>
            <translation>Den Plan als JSON speichern</translation>
        </message>
        <message>
            <source>Save plan &amp;as…</source>
            <translation>Plan speichern &amp;unter…</translation>
        </message>
        <message>
            <source>Save the plan under another name</source>
            <translation>Den Plan unter einem anderen Namen speichern</translation>
        </message>
        <message>
            <source>Save pro&amp;ject</source>
            <translation>Pro&amp;jekt speichern</translation>
        </message>
        <message>
            <source>Save project as&amp;…</source>
            <translation>Projekt speichern u&amp;nter…</translation>
        </message>
        <message>
            <source>Save the project under another name</source>
            <translation>Das Projekt unter einem anderen Namen speichern</translation>
        </message>
        <message>
            <source>Open s&amp;tatistics…</source>
            <translation>S&amp;tatistik öffnen…</translation>
        </message>
        <message>
            <source>Use the statistics of an earlier calibration for this model</source>
            <translation>Die Statistik einer früheren Kalibrierung für dieses Modell verwenden</translation>
        </message>
        <message>
            <source>Continue from the plan of this e&amp;xport…</source>
            <translation>Mit dem Plan dieses E&amp;xports fortfahren…</translation>
        </message>
        <message>
            <source>Open the file that this export was made from, with the plan that made it</source>
            <translation>Die Datei, aus der dieser Export entstand, mit dem Plan öffnen, nach dem er entstand</translation>
        </message>
        <message>
            <source>&amp;Quit</source>
            <translation>&amp;Beenden</translation>
        </message>
        <message>
            <source>Close the window</source>
            <translation>Das Fenster schließen</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>Take the last step back</source>
            <translation>Den letzten Schritt zurücknehmen</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <source>Do the last step again</source>
            <translation>Den letzten Schritt noch einmal tun</translation>
        </message>
        <message>
            <source>&amp;Find layers</source>
            <translation>Schichten &amp;suchen</translation>
        </message>
        <message>
            <source>Go to the search box</source>
            <translation>Zum Suchfeld gehen</translation>
        </message>
        <message>
            <source>Show &amp;all layers</source>
            <translation>&amp;Alle Schichten zeigen</translation>
        </message>
        <message>
            <source>Empty the search box</source>
            <translation>Das Suchfeld leeren</translation>
        </message>
        <message>
            <source>&amp;Expand all</source>
            <translation>Alles &amp;aufklappen</translation>
        </message>
        <message>
            <source>Open every branch</source>
            <translation>Jeden Zweig öffnen</translation>
        </message>
        <message>
            <source>&amp;Collapse all</source>
            <translation>Alles &amp;zuklappen</translation>
        </message>
        <message>
            <source>Close every branch</source>
            <translation>Jeden Zweig schließen</translation>
        </message>
        <message>
            <source>Colours of the &amp;system</source>
            <translation>Farben des &amp;Systems</translation>
        </message>
        <message>
            <source>Follow the light or dark setting of the desktop</source>
            <translation>Der hellen oder dunklen Einstellung der Arbeitsfläche folgen</translation>
        </message>
        <message>
            <source>&amp;Light colours</source>
            <translation>&amp;Helle Farben</translation>
        </message>
        <message>
            <source>Always light</source>
            <translation>Immer hell</translation>
        </message>
        <message>
            <source>&amp;Dark colours</source>
            <translation>&amp;Dunkle Farben</translation>
        </message>
        <message>
            <source>Always dark</source>
            <translation>Immer dunkel</translation>
        </message>
        <message>
            <source>F&amp;ull screen</source>
            <translation>&amp;Vollbild</translation>
        </message>
        <message>
            <source>Use the whole screen</source>
            <translation>Den ganzen Bildschirm verwenden</translation>
        </message>
        <message>
            <source>&amp;Reset layout</source>
            <translation>An&amp;ordnung zurücksetzen</translation>
        </message>
        <message>
            <source>Panels and columns back to where they were at first</source>
            <translation>Bereiche und Spalten dorthin, wo sie anfangs waren</translation>
        </message>
        <message>
            <source>Set format with &amp;options…</source>
            <translation>Format mit &amp;Optionen setzen…</translation>
        </message>
        <message>
            <source>Choose scales, block size and rotation for the selected layers</source>
            <translation>Skalen, Blockgröße und Drehung für die gewählten Schichten bestimmen</translation>
        </message>
        <message>
            <source>&amp;Keep as it is</source>
            <translation>&amp;Lassen, wie es ist</translation>
        </message>
        <message>
            <source>Do not quantize the selected layers</source>
            <translation>Die gewählten Schichten nicht quantisieren</translation>
        </message>
        <message>
            <source>&amp;Clear what is set here</source>
            <translation>Hier Gesetztes l&amp;öschen</translation>
        </message>
        <message>
            <source>Let base format, rules and guards decide about the selected layers again</source>
            <translation>Grundformat, Regeln und Schutz wieder über die gewählten Schichten entscheiden lassen</translation>
        </message>
        <message>
            <source>Clear everything set by &amp;hand</source>
            <translation>Alles von &amp;Hand Gesetzte löschen</translation>
        </message>
        <message>
            <source>Let base format, rules and guards decide about all layers again</source>
            <translation>Grundformat, Regeln und Schutz wieder über alle Schichten entscheiden lassen</translation>
        </message>
        <message>
            <source>Select the same layer in all &amp;blocks</source>
            <translation>Dieselbe Schicht in allen &amp;Blöcken wählen</translation>
        </message>
        <message>
            <source>Select the layers that play this part in every repeated block</source>
            <translation>Die Schichten wählen, die in jedem wiederholten Block diese Rolle spielen</translation>
        </message>
        <message>
            <source>Select all &amp;matching layers</source>
            <translation>Alle &amp;passenden Schichten wählen</translation>
        </message>
        <message>
            <source>Select every layer that the search box shows</source>
            <translation>Jede Schicht wählen, die das Suchfeld zeigt</translation>
        </message>
        <message>
            <source>Options of the base &amp;format…</source>
            <translation>Optionen des Grund&amp;formats…</translation>
        </message>
        <message>
            <source>Choose scales, block size and rotation for all layers without a setting of their own</source>
            <translation>Skalen, Blockgröße und Drehung für alle Schichten ohne eigene Einstellung bestimmen</translation>
        </message>
        <message>
            <source>Add a &amp;rule…</source>
            <translation>&amp;Regel hinzufügen…</translation>
        </message>
        <message>
            <source>Decide about every layer whose name fits a pattern</source>
            <translation>Über jede Schicht entscheiden, deren Name zu einem Muster passt</translation>
        </message>
        <message>
            <source>&amp;Export…</source>
            <translation>&amp;Exportieren…</translation>
        </message>
        <message>
            <source>Write the quantized checkpoint</source>
            <translation>Die quantisierte Modelldatei schreiben</translation>
        </message>
        <message>
            <source>&amp;Cancel the export</source>
            <translation>Den Export a&amp;bbrechen</translation>
        </message>
        <message>
            <source>Stop writing; what was finished is kept for resuming</source>
            <translation>Nicht weiter schreiben; was fertig ist, bleibt zum Fortsetzen erhalten</translation>
        </message>
        <message>
            <source>Open the &amp;folder of the result</source>
            <translation>&amp;Ordner des Ergebnisses öffnen</translation>
        </message>
        <message>
            <source>Show the exported file in the file manager</source>
            <translation>Die exportierte Datei im Dateimanager zeigen</translation>
        </message>
        <message>
            <source>Start ca&amp;libration</source>
            <translation>Ka&amp;librierung starten</translation>
        </message>
        <message>
            <source>Run the model on prompts and collect statistics of its inputs</source>
            <translation>Das Modell auf Prompts laufen lassen und Statistik seiner Eingaben sammeln</translation>
        </message>
        <message>
            <source>&amp;Stop the calibration</source>
            <translation>Die Kalibrierung an&amp;halten</translation>
        </message>
        <message>
            <source>Stop after the step under way; finished prompts are kept</source>
            <translation>Nach dem laufenden Schritt anhalten; fertige Prompts bleiben erhalten</translation>
        </message>
        <message>
            <source>&amp;Resume unfinished jobs</source>
            <translation>Unfertige Aufträge &amp;fortsetzen</translation>
        </message>
        <message>
            <source>Go on with jobs that were stopped or interrupted</source>
            <translation>Mit angehaltenen oder unterbrochenen Aufträgen weitermachen</translation>
        </message>
        <message>
            <source>&amp;Hold the queue after this job</source>
            <translation>&amp;Warteschlange nach diesem Auftrag anhalten</translation>
        </message>
        <message>
            <source>Let the running job end and start no other</source>
            <translation>Den laufenden Auftrag beenden und keinen anderen beginnen</translation>
        </message>
        <message>
            <source>Sa&amp;ve the log…</source>
            <translation>Protokoll &amp;speichern…</translation>
        </message>
        <message>
            <source>Write the messages of all jobs into a file</source>
            <translation>Die Meldungen aller Aufträge in eine Datei schreiben</translation>
        </message>
        <message>
            <source>Command &amp;palette…</source>
            <translation>Befehls&amp;palette…</translation>
        </message>
        <message>
            <source>Find any action by a part of its name</source>
            <translation>Jede Aktion über einen Teil ihres Namens finden</translation>
        </message>
        <message>
            <source>&amp;Keyboard shortcuts</source>
            <translation>&amp;Tastenkürzel</translation>
        </message>
        <message>
            <source>List every action with its keys</source>
            <translation>Jede Aktion mit ihren Tasten auflisten</translation>
        </message>
        <message>
            <source>&amp;About Mantissa</source>
            <translation>Ü&amp;ber Mantissa</translation>
        </message>
        <message>
            <source>Version and licence</source>
            <translation>Version und Lizenz</translation>
        </message>
        <message>
            <source>About &amp;Qt</source>
            <translation>Über &amp;Qt</translation>
        </message>
        <message>
            <source>The toolkit that this window is made with</source>
            <translation>Der Werkzeugkasten, mit dem dieses Fenster gemacht ist</translation>
        </message>
        <message>
            <source>&amp;File</source>
            <translation>&amp;Datei</translation>
        </message>
        <message>
            <source>&amp;Edit</source>
            <translation>&amp;Bearbeiten</translation>
        </message>
        <message>
            <source>&amp;View</source>
            <translation>&amp;Ansicht</translation>
        </message>
        <message>
            <source>&amp;Plan</source>
            <translation>&amp;Plan</translation>
        </message>
        <message>
            <source>&amp;Run</source>
            <translation>A&amp;usführen</translation>
        </message>
        <message>
            <source>&amp;Help</source>
            <translation>&amp;Hilfe</translation>
        </message>
        <message>
            <source>&amp;Measure for a budget</source>
            <translation>Für ein Budget &amp;messen</translation>
        </message>
        <message>
            <source>Try the formats on every layer, and show size against harm</source>
            <translation>Die Formate an jeder Schicht probieren und Größe gegen Schaden zeigen</translation>
        </message>
        <message>
            <source>&amp;Compare pictures</source>
            <translation>Bilder &amp;vergleichen</translation>
        </message>
        <message>
            <source>See and measure what a plan or an export does to the pictures</source>
            <translation>Sehen und messen, was ein Plan oder ein Export mit den Bildern macht</translation>
        </message>
        <message>
            <source>Back to the &amp;plan</source>
            <translation>Zurück zum &amp;Plan</translation>
        </message>
        <message>
            <source>Show the layers again</source>
            <translation>Wieder die Schichten zeigen</translation>
        </message>
        <message>
            <source>&amp;Make pictures</source>
            <translation>&amp;Bilder erzeugen</translation>
        </message>
        <message>
            <source>Draw every prompt with every variant; pictures that exist are kept</source>
            <translation>Jeden Prompt mit jeder Variante zeichnen; vorhandene Bilder bleiben</translation>
        </message>
        <message>
            <source>Stop makin&amp;g pictures</source>
            <translation>&amp;Keine Bilder mehr erzeugen</translation>
        </message>
        <message>
            <source>Stop after the step under way; finished pictures are kept</source>
            <translation>Nach dem laufenden Schritt anhalten; fertige Bilder bleiben</translation>
        </message>
        <message>
            <source>Compare pictures that exist, matched by prompt and seed or by name</source>
            <translation>Vorhandene Bilder vergleichen, zugeordnet nach Prompt und Startwert oder nach Namen</translation>
        </message>
        <message>
            <source>Pre&amp;vious picture</source>
            <translation>V&amp;origes Bild</translation>
        </message>
        <message>
            <source>The pair above in the table</source>
            <translation>Das Paar darüber in der Tabelle</translation>
        </message>
        <message>
            <source>&amp;Next picture</source>
            <translation>&amp;Nächstes Bild</translation>
        </message>
        <message>
            <source>The pair below in the table</source>
            <translation>Das Paar darunter in der Tabelle</translation>
        </message>
        <message>
            <source>Mark as &amp;bad</source>
            <translation>Als &amp;schlecht kennzeichnen</translation>
        </message>
        <message>
            <source>Remember that this picture must not be shipped</source>
            <translation>Merken, dass dieses Bild so nicht hinausgehen darf</translation>
        </message>
        <message>
            <source>Find the &amp;layers to blame</source>
            <translation>Die schuldigen Sch&amp;ichten finden</translation>
        </message>
        <message>
            <source>Measure what each layer of the plan does to this prompt and seed, and propose what to store better</source>
            <translation>Messen, was jede Schicht des Plans bei diesem Prompt und Startwert bewirkt, und vorschlagen, was besser gespeichert werden soll</translation>
        </message>
        <message>
            <source>Blin&amp;d test…</source>
            <translation>Blin&amp;dtest…</translation>
        </message>
        <message>
            <source>Judge the pictures without knowing whose they are</source>
            <translation>Die Bilder beurteilen, ohne zu wissen, von wem sie sind</translation>
        </message>
        <message>
            <source>Write a &amp;report…</source>
            <translation>Be&amp;richt schreiben…</translation>
        </message>
        <message>
            <source>HTML, PDF, JSON and CSV with all pictures, numbers, ratings and notes</source>
            <translation>HTML, PDF, JSON und CSV mit allen Bildern, Zahlen, Bewertungen und Notizen</translation>
        </message>
        <message>
            <source>&amp;Split, left and right</source>
            <translation>&amp;Geteilt, links und rechts</translation>
        </message>
        <message>
            <source>A left of the line, B right of it</source>
            <translation>A links der Linie, B rechts davon</translation>
        </message>
        <message>
            <source>Split, &amp;above and below</source>
            <translation>Geteilt, ob&amp;en und unten</translation>
        </message>
        <message>
            <source>A above the line, B below it</source>
            <translation>A über der Linie, B darunter</translation>
        </message>
        <message>
            <source>Side b&amp;y side</source>
            <translation>Nebenein&amp;ander</translation>
        </message>
        <message>
            <source>A and B beside each other, with one zoom</source>
            <translation>A und B nebeneinander, in einer Vergrößerung</translation>
        </message>
        <message>
            <source>Blin&amp;k</source>
            <translation>Blinken</translation>
        </message>
        <message>
            <source>A, and B in its place while Space is held</source>
            <translation>A, und an seiner Stelle B, solange die Leertaste gehalten wird</translation>
        </message>
        <message>
            <source>&amp;Overlay</source>
            <translation>Ü&amp;berlagern</translation>
        </message>
        <message>
            <source>B laid over A, as strong as you like</source>
            <translation>B über A gelegt, so stark wie gewünscht</translation>
        </message>
        <message>
            <source>D&amp;ifference</source>
            <translation>&amp;Unterschied</translation>
        </message>
        <message>
            <source>A map of where and how far the two differ</source>
            <translation>Eine Karte, wo und wie weit sich die beiden unterscheiden</translation>
        </message>
        <message>
            <source>Smooth &amp;edges</source>
            <translation>&amp;Weiche Kanten</translation>
        </message>
        <message>
            <source>Average when zooming, instead of showing every pixel as it is</source>
            <translation>Beim Vergrößern mitteln, statt jeden Pixel zu zeigen, wie er ist</translation>
        </message>
        <message>
            <source>Lo&amp;upe</source>
            <translation>&amp;Lupe</translation>
        </message>
        <message>
            <source>Enlarge the pixels under the pointer, with both values</source>
            <translation>Die Pixel unter dem Zeiger vergrößern, mit beiden Werten</translation>
        </message>
        <message>
            <source>&amp;Zoom in</source>
            <translation>Ver&amp;größern</translation>
        </message>
        <message>
            <source>Twice as large</source>
            <translation>Doppelt so groß</translation>
        </message>
        <message>
            <source>Zoom ou&amp;t</source>
            <translation>Ver&amp;kleinern</translation>
        </message>
        <message>
            <source>Half as large</source>
            <translation>Halb so groß</translation>
        </message>
        <message>
            <source>Fit into the &amp;window</source>
            <translation>In das &amp;Fenster einpassen</translation>
        </message>
        <message>
            <source>The whole picture</source>
            <translation>Das ganze Bild</translation>
        </message>
        <message>
            <source>One to one (&amp;100 %)</source>
            <translation>Eins zu eins (&amp;100 %)</translation>
        </message>
        <message>
            <source>A pixel of the picture is a pixel of the screen</source>
            <translation>Ein Pixel des Bildes ist ein Pixel des Bildschirms</translation>
        </message>
        <message>
            <source>&amp;Compare</source>
            <translation>&amp;Vergleichen</translation>
        </message>
        <message>
            <source>&amp;Settings…</source>
            <translation>&amp;Einstellungen…</translation>
        </message>
        <message>
            <source>Colours, language, and what exports and calibrations start with</source>
            <translation>Farben, Sprache, und womit Exporte und Kalibrierungen beginnen</translation>
        </message>
        <message>
            <source>Measure the &amp;layers</source>
            <translation>Schichten &amp;messen</translation>
        </message>
        <message>
            <source>Read the weights and show the error of every format on every layer in the tree</source>
            <translation>Die Gewichte lesen und im Baum zeigen, welchen Fehler jedes Format in jeder Schicht macht</translation>
        </message>
        <message>
            <source>Write a &amp;note…</source>
            <translation>&amp;Notiz schreiben…</translation>
        </message>
        <message>
            <source>Keep your own words about the current layer in the plan</source>
            <translation>Eigene Worte über die aktuelle Schicht im Plan aufheben</translation>
        </message>
        <message>
            <source>&amp;Why this format?</source>
            <translation>&amp;Warum dieses Format?</translation>
        </message>
        <message>
            <source>Show what decided about the current layer, and what it won over</source>
            <translation>Zeigen, was über die aktuelle Schicht entschieden hat und wogegen es gewann</translation>
        </message>
        <message>
            <source>Copy as c&amp;ommand</source>
            <translation>Als &amp;Befehl kopieren</translation>
        </message>
        <message>
            <source>Save the plan and put the command line that makes this export on the clipboard</source>
            <translation>Den Plan speichern und die Befehlszeile, die diesen Export macht, in die Zwischenablage legen</translation>
        </message>
        <message>
            <source>Compare &amp;with another file…</source>
            <translation>&amp;Mit anderer Datei vergleichen…</translation>
        </message>
        <message>
            <source>List added, missing and changed layers with the error of their weights</source>
            <translation>Hinzugekommene, fehlende und geänderte Schichten mit dem Fehler ihrer Gewichte auflisten</translation>
        </message>
        <message>
            <source>&amp;Presets…</source>
            <translation>&amp;Vorlagen…</translation>
        </message>
        <message>
            <source>See what a preset would change, apply it, or save the plan as one</source>
            <translation>Sehen, was eine Vorlage ändern würde, sie anwenden, oder den Plan als eine speichern</translation>
        </message>
        <message>
            <source>&amp;Guide through the sample</source>
            <translation>&amp;Führung durch das Beispiel</translation>
        </message>
        <message>
            <source>Open the sample and go through plan, calibration and export step by step</source>
            <translation>Das Beispiel öffnen und Schritt für Schritt durch Plan, Kalibrierung und Export gehen</translation>
        </message>
        <message>
            <source>Copy as p&amp;icture</source>
            <translation>Als B&amp;ild kopieren</translation>
        </message>
        <message>
            <source>The pictures under comparison, or the plot that is seen, to the clipboard</source>
            <translation>Die verglichenen Bilder oder das sichtbare Diagramm in die Zwischenablage</translation>
        </message>
        <message>
            <source>Sa&amp;ve as picture…</source>
            <translation>Als Bild &amp;speichern…</translation>
        </message>
        <message>
            <source>The pictures under comparison, or the plot that is seen, as PNG, SVG or PDF</source>
            <translation>Die verglichenen Bilder oder das sichtbare Diagramm als PNG, SVG oder PDF</translation>
        </message>
        <message>
            <source>Compare &amp;folders…</source>
            <translation>&amp;Ordner vergleichen…</translation>
        </message>
        <message>
            <source>Save source, plan, statistics, ratings and layout as one project file</source>
            <translation>Quelle, Plan, Statistiken, Bewertungen und Anordnung als eine Projektdatei speichern</translation>
        </message>
        <message>
            <source>Stop meas&amp;uring for a budget</source>
            <translation>Messen für ein B&amp;udget anhalten</translation>
        </message>
        <message>
            <source>Stop; where only the probe of the network was under way, the errors of the layers stay</source>
            <translation>Anhalten; wo nur noch die Probe am Netz lief, bleiben die Fehler der Schichten</translation>
        </message>
        <message>
            <source>Open in a new &amp;window…</source>
            <translation>In neuem &amp;Fenster öffnen…</translation>
        </message>
        <message>
            <source>Open another file and keep this one: each window has its own plan</source>
            <translation>Eine weitere Datei öffnen und diese behalten: Jedes Fenster hat seinen eigenen Plan</translation>
        </message>
        <message>
            <source>&amp;Import rules…</source>
            <translation>Regeln ü&amp;bernehmen…</translation>
        </message>
        <message>
            <source>Take over the rules of stable-diffusion.cpp or comfy-quants, after a look at them</source>
            <translation>Regeln von stable-diffusion.cpp oder comfy-quants nach einem Blick darauf übernehmen</translation>
        </message>
        <message>
            <source>&amp;Export rules…</source>
            <translation>Regeln &amp;exportieren…</translation>
        </message>
        <message>
            <source>What the plan does, as rules of convert-to-quant, comfy-quants or stable-diffusion.cpp</source>
            <translation>Was der Plan tut, als Regeln von convert-to-quant, comfy-quants oder stable-diffusion.cpp</translation>
        </message>
        <message>
            <source>&amp;Crash reports…</source>
            <translation>A&amp;bsturzberichte…</translation>
        </message>
        <message>
            <source>Read, copy or delete what was kept of crashes; nothing is sent</source>
            <translation>Lesen, kopieren oder löschen, was von Abstürzen aufgehoben wurde; nichts wird gesendet</translation>
        </message>
        <message>
            <source>Open the &amp;job's log</source>
            <translation>Protokoll des &amp;Auftrags öffnen</translation>
        </message>
        <message>
            <source>Open the file with all messages of the job that is chosen in the queue</source>
            <translation>Die Datei mit allen Meldungen des Auftrags öffnen, der in der Warteschlange gewählt ist</translation>
        </message>
    </context>
    <context>
        <name>ActivationText</name>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>The layer&apos;s format keeps inputs in 16 bits; INT8 is shown for comparison.</source>
            <translation>Das Format der Schicht lässt Eingaben in 16 Bit; INT8 steht zum Vergleich da.</translation>
        </message>
        <message>
            <source>%1 reaches %2 without a scale: everything fits.</source>
            <translation>%1 reicht ohne Skala bis %2: alles passt hinein.</translation>
        </message>
        <message>
            <source>%1 reaches only %2 without a scale: larger values saturate unless the file stores an input scale.</source>
            <translation>%1 reicht ohne Skala nur bis %2: größere Werte werden gekappt, wenn die Datei keine Eingangsskala enthält.</translation>
        </message>
        <message>
            <source>%1: %2 channels, %3 tokens.</source>
            <translation>%1: %2 Kanäle, %3 Token.</translation>
        </message>
        <message>
            <source>The largest magnitude is %1; 99.9 % of the values are below %2, 99.99 % below %3.</source>
            <translation>Der größte Betrag ist %1; 99,9 % der Werte liegen unter %2, 99,99 % unter %3.</translation>
        </message>
        <message>
            <source>The least error of %1 is at %2.</source>
            <translation>Der kleinste Fehler von %1 liegt bei %2.</translation>
        </message>
        <message>
            <source>Clipping at %1 cuts %2 of the values; the expected signal to error is %3 dB, against %4 dB without clipping.</source>
            <translation>Kappen bei %1 schneidet %2 der Werte ab; erwarteter Signal-Fehler-Abstand %3 dB, ohne Kappen %4 dB.</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>Maxima over the timesteps, clean to noisy: %1.</source>
            <translation>Maxima über die Zeitschritte, von sauber bis verrauscht: %1.</translation>
        </message>
        <message>
            <source>%1: %2 of the values are larger; clipped there, %3 dB</source>
            <translation>%1: %2 der Werte sind größer; dort abgeschnitten, %3 dB</translation>
        </message>
        <message>
            <source>The plan cuts the inputs at %1: exports store it as input_scale.</source>
            <translation>Der Plan schneidet die Eingaben bei %1 ab: Exporte speichern das als input_scale.</translation>
        </message>
        <message>
            <source>%1 reaches only %2 without a scale: larger values saturate.</source>
            <translation>%1 reicht ohne Skala nur bis %2: größere Werte werden gesättigt.</translation>
        </message>
        <message>
            <source>Drag the clip line to store an input scale for this layer.</source>
            <translation>Ziehen Sie die Linie, um für diese Schicht eine Eingabeskala zu speichern.</translation>
        </message>
        <message>
            <source>Runtimes scale the inputs of this format as they come, and no file changes that: the clip line is a question here.</source>
            <translation>Laufzeiten skalieren die Eingaben dieses Formats, wie sie kommen, und keine Datei ändert das: Die Linie ist hier nur eine Frage.</translation>
        </message>
        <message>
            <source>largest %1, %2 dB</source>
            <translation>größter %1, %2 dB</translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message>
            <source>The program ended while this job ran; what was finished is kept.</source>
            <translation>Das Programm endete, während dieser Auftrag lief; was fertig war, ist erhalten.</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Calibration</source>
            <translation>Kalibrierung</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>running</source>
            <translation>läuft</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>angehalten</translation>
        </message>
        <message>
            <source>interrupted</source>
            <translation>unterbrochen</translation>
        </message>
        <message>
            <source>done</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>failed</source>
            <translation>gescheitert</translation>
        </message>
        <message>
            <source>Conversion</source>
            <translation>Umwandlung</translation>
        </message>
        <message>
            <source>paused, waits for you</source>
            <translation>angehalten, wartet auf Sie</translation>
        </message>
    </context>
    <context>
        <name>Settings</name>
        <message>
            <source>of the system</source>
            <translation>des Systems</translation>
        </message>
        <message>
            <source>any runtime</source>
            <translation>irgendeine Laufzeit</translation>
        </message>
        <message>
            <source>Colours</source>
            <translation>Farben</translation>
        </message>
        <message>
            <source>Light, dark, or as the desktop is set</source>
            <translation>Hell, dunkel, oder wie der Schreibtisch eingestellt ist</translation>
        </message>
        <message>
            <source>light</source>
            <translation>hell</translation>
        </message>
        <message>
            <source>dark</source>
            <translation>dunkel</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>Of the window; the next start uses it</source>
            <translation>Des Fensters; gilt ab dem nächsten Start</translation>
        </message>
        <message>
            <source>Files are for</source>
            <translation>Dateien sind für</translation>
        </message>
        <message>
            <source>Formats that this runtime does not load become findings</source>
            <translation>Formate, die diese Laufzeit nicht lädt, werden zu Befunden</translation>
        </message>
        <message>
            <source>Verify exports</source>
            <translation>Exporte prüfen</translation>
        </message>
        <message>
            <source>Reads each file back and decodes every layer after it was written</source>
            <translation>Liest jede Datei nach dem Schreiben zurück und decodiert jede Schicht</translation>
        </message>
        <message>
            <source>Measure errors while exporting</source>
            <translation>Fehler beim Export messen</translation>
        </message>
        <message>
            <source>Decodes every block after it was encoded; takes a little longer</source>
            <translation>Decodiert jeden Block nach dem Codieren; dauert ein wenig länger</translation>
        </message>
        <message>
            <source>Prompts of a calibration</source>
            <translation>Prompts einer Kalibrierung</translation>
        </message>
        <message>
            <source>What the panel suggests; 8 are a quick look, 32 the usual number</source>
            <translation>Was die Tafel vorschlägt; 8 sind ein schneller Blick, 32 die übliche Zahl</translation>
        </message>
        <message>
            <source>Sampling steps of a calibration</source>
            <translation>Abtastschritte einer Kalibrierung</translation>
        </message>
        <message>
            <source>What the panel suggests</source>
            <translation>Was die Tafel vorschlägt</translation>
        </message>
        <message>
            <source>Desktop notifications</source>
            <translation>Meldungen auf dem Schreibtisch</translation>
        </message>
        <message>
            <source>When a job of more than 30 seconds ends while the window is in the background</source>
            <translation>Wenn ein Auftrag von mehr als 30 Sekunden endet, während das Fenster im Hintergrund ist</translation>
        </message>
        <message>
            <source>Weights of LPIPS</source>
            <translation>Gewichte von LPIPS</translation>
        </message>
        <message>
            <source>With them, comparisons measure LPIPS too: the state of lpips.LPIPS, or its linear layers and torchvision&apos;s network in two files. The next comparison uses them</source>
            <translation>Mit ihnen messen Vergleiche auch LPIPS: der Zustand von lpips.LPIPS, oder dessen lineare Schichten und das Netz von torchvision in zwei Dateien. Der nächste Vergleich verwendet sie</translation>
        </message>
        <message>
            <source>Calibrate on</source>
            <translation>Kalibrieren auf</translation>
        </message>
        <message>
            <source>A CUDA GPU is faster, where this machine has one</source>
            <translation>Eine CUDA-GPU ist schneller, wo dieser Rechner eine hat</translation>
        </message>
        <message>
            <source>the processor</source>
            <translation>dem Prozessor</translation>
        </message>
        <message>
            <source>the CUDA GPU</source>
            <translation>der CUDA-GPU</translation>
        </message>
        <message>
            <source>Run jobs in a process of their own</source>
            <translation>Aufträge in einem eigenen Prozess</translation>
        </message>
        <message>
            <source>A crash of one, or memory that runs out, then leaves the window open</source>
            <translation>Ein Absturz oder fehlender Speicher lässt dann das Fenster offen</translation>
        </message>
        <message>
            <source>Names of files in crash reports</source>
            <translation>Dateinamen in Absturzberichten</translation>
        </message>
        <message>
            <source>Reports stay on this machine; without this, they say nothing of your files</source>
            <translation>Berichte bleiben auf diesem Rechner; ohne dies sagen sie nichts über Ihre Dateien</translation>
        </message>
    </context>
    <context>
        <name>Text</name>
        <message>
            <source>Checkpoints (%1);;All files (*)</source>
            <translation>Modelldateien (%1);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>%1 → %2</source>
            <translation>%1 → %2</translation>
        </message>
        <message>
            <source>%1 billion</source>
            <translation>%1 Milliarden</translation>
        </message>
        <message>
            <source>%1 million</source>
            <translation>%1 Millionen</translation>
        </message>
        <message>
            <source>0 %</source>
            <translation>0 %</translation>
        </message>
        <message>
            <source>scalar</source>
            <translation>Skalar</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 min %2 s</source>
            <translation>%1 min %2 s</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 Std. %2 min</translation>
        </message>
        <message>
            <source>Loads in stock ComfyUI</source>
            <translation>Lädt in ComfyUI ohne Zusätze</translation>
        </message>
        <message>
            <source>Needs a custom node</source>
            <translation>Braucht eine Erweiterung</translation>
        </message>
        <message>
            <source>No known runtime loads it</source>
            <translation>Keine bekannte Laufzeit lädt es</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>untouched</source>
            <translation>unberührt</translation>
        </message>
        <message>
            <source>base format</source>
            <translation>Grundformat</translation>
        </message>
        <message>
            <source>critical</source>
            <translation>kritisch</translation>
        </message>
        <message>
            <source>rule</source>
            <translation>Regel</translation>
        </message>
        <message>
            <source>set here</source>
            <translation>hier gesetzt</translation>
        </message>
        <message>
            <source>guard</source>
            <translation>Schutz</translation>
        </message>
        <message>
            <source>exact match</source>
            <translation>genaue Übereinstimmung</translation>
        </message>
        <message>
            <source>same family, other widths</source>
            <translation>dieselbe Familie, andere Breiten</translation>
        </message>
        <message>
            <source>not recognised</source>
            <translation>nicht erkannt</translation>
        </message>
        <message>
            <source>Diffusion model</source>
            <translation>Diffusionsmodell</translation>
        </message>
        <message>
            <source>VAE</source>
            <translation>VAE</translation>
        </message>
        <message>
            <source>%1 scales</source>
            <translation>Skalen je %1</translation>
        </message>
        <message>
            <source>block %1</source>
            <translation>Block %1</translation>
        </message>
        <message>
            <source>no rotation</source>
            <translation>keine Drehung</translation>
        </message>
        <message>
            <source>rotation group %1</source>
            <translation>Drehgruppe %1</translation>
        </message>
        <message>
            <source>full-precision product</source>
            <translation>Produkt in voller Genauigkeit</translation>
        </message>
        <message>
            <source> (%1)</source>
            <translation> (%1)</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>inputs cut at %1</source>
            <translation>Eingaben bei %1 abgeschnitten</translation>
        </message>
        <message>
            <source>Text encoder</source>
            <translation>Text-Encoder</translation>
        </message>
        <message>
            <source>Text encoder %1</source>
            <translation>Text-Encoder %1</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::AboutDialog</name>
        <message>
            <source>About Mantissa</source>
            <translation>Über Mantissa</translation>
        </message>
        <message>
            <source>Icon of Mantissa</source>
            <translation>Symbol von Mantissa</translation>
        </message>
        <message>
            <source>&lt;h2&gt;Mantissa Studio&lt;/h2&gt;&lt;p&gt;Version %1&lt;/p&gt;&lt;p&gt;A quantization studio for diffusion models: open a checkpoint, decide layer by layer how it is stored, and export a file that the usual runtimes load.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later.&lt;/p&gt;</source>
            <translation>&lt;h2&gt;Mantissa Studio&lt;/h2&gt;&lt;p&gt;Version %1&lt;/p&gt;&lt;p&gt;Ein Quantisierungsstudio für Diffusionsmodelle: eine Modelldatei öffnen, Schicht für Schicht entscheiden, wie sie gespeichert wird, und eine Datei exportieren, die die üblichen Laufzeiten laden.&lt;/p&gt;&lt;p&gt;Freie Software unter der GNU General Public License, Version 3 oder später.&lt;/p&gt;</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::Actions</name>
        <message>
            <source>Set the selected layers to %1. %2 %3</source>
            <translation>Die gewählten Schichten auf %1 setzen. %2 %3</translation>
        </message>
        <message>
            <source>Stock ComfyUI loads it</source>
            <translation>ComfyUI ohne Zusätze lädt es</translation>
        </message>
        <message>
            <source>Needs a custom node</source>
            <translation>Braucht eine Erweiterung</translation>
        </message>
        <message>
            <source>No known runtime loads it</source>
            <translation>Keine bekannte Laufzeit lädt es</translation>
        </message>
        <message>
            <source>&amp;Set format</source>
            <translation>Format &amp;setzen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ArchitectureCard</name>
        <message>
            <source>From other files</source>
            <translation>Aus anderen Dateien</translation>
        </message>
        <message>
            <source>The VAE and the text encoder are not in this file. Calibrating and making pictures need them.</source>
            <translation>VAE und Text-Encoder sind nicht in dieser Datei. Zum Kalibrieren und für Bilder werden sie gebraucht.</translation>
        </message>
        <message>
            <source>The text encoder is not in this file. Calibrating and making pictures need it.</source>
            <translation>Der Text-Encoder ist nicht in dieser Datei. Zum Kalibrieren und für Bilder wird er gebraucht.</translation>
        </message>
        <message>
            <source>The VAE is not in this file. Making pictures needs it.</source>
            <translation>Der VAE ist nicht in dieser Datei. Für Bilder wird er gebraucht.</translation>
        </message>
        <message>
            <source>Name files…</source>
            <translation>Dateien nennen…</translation>
        </message>
        <message>
            <source>Name files with the parts</source>
            <translation>Dateien mit den Teilen nennen</translation>
        </message>
        <message>
            <source>%1 × %2</source>
            <translation>%1 × %2</translation>
        </message>
        <message>
            <source>Already quantized (%1)</source>
            <translation>Schon quantisiert (%1)</translation>
        </message>
        <message>
            <source> by %1</source>
            <translation> von %1</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Open a checkpoint to see what it is.</source>
            <translation>Eine Modelldatei öffnen, um zu sehen, was sie ist.</translation>
        </message>
        <message>
            <source>Why</source>
            <translation>Warum</translation>
        </message>
        <message>
            <source>No known architecture has these names and shapes. General rules protect norms, embeddings, biases and the first and last layers.</source>
            <translation>Keine bekannte Architektur hat diese Namen und Formen. Allgemeine Regeln schützen Normen, Einbettungen, Bias sowie die ersten und letzten Schichten.</translation>
        </message>
        <message>
            <source>%1 · %2</source>
            <translation>%1 · %2</translation>
        </message>
        <message>
            <source>%1 parameters · %2</source>
            <translation>%1 Parameter · %2</translation>
        </message>
        <message>
            <source>Note: %1</source>
            <translation>Hinweis: %1</translation>
        </message>
        <message>
            <source>Architecture</source>
            <translation>Architektur</translation>
        </message>
        <message>
            <source>Detection is wrong? Choose what the file is; what you set by hand stays.</source>
            <translation>Falsch erkannt? Wählen Sie, was die Datei ist; von Hand Gesetztes bleibt.</translation>
        </message>
        <message>
            <source>As detected</source>
            <translation>Wie erkannt</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>Treat as</source>
            <translation>Behandeln als</translation>
        </message>
        <message>
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <source>Shapes cannot tell these apart; choose if you know.</source>
            <translation>Die Formen unterscheiden diese nicht; wählen Sie, wenn Sie es wissen.</translation>
        </message>
        <message>
            <source>Not said</source>
            <translation>Nicht gesagt</translation>
        </message>
        <message>
            <source>Components</source>
            <translation>Bestandteile</translation>
        </message>
        <message>
            <source>other</source>
            <translation>anderes</translation>
        </message>
        <message>
            <source>%1 parameters</source>
            <translation>%1 Parameter</translation>
        </message>
        <message>
            <source>%1 linear</source>
            <translation>%1 linear</translation>
        </message>
        <message>
            <source>%1 convolutions</source>
            <translation>%1 Faltungen</translation>
        </message>
        <message numerus="yes">
            <source>%n embedding(s)</source>
            <translation>
                <numerusform>%n Einbettung</numerusform>
                <numerusform>%n Einbettungen</numerusform>
            </translation>
        </message>
        <message>
            <source>Stored as</source>
            <translation>Gespeichert als</translation>
        </message>
        <message>
            <source>Container</source>
            <translation>Behälter</translation>
        </message>
        <message>
            <source>Tensors</source>
            <translation>Tensoren</translation>
        </message>
        <message>
            <source>Prefix</source>
            <translation>Präfix</translation>
        </message>
        <message>
            <source>Prediction</source>
            <translation>Vorhersage</translation>
        </message>
        <message>
            <source>File</source>
            <translation>Datei</translation>
        </message>
        <message>
            <source>Read from the shapes</source>
            <translation>Aus den Formen gelesen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::BlindTestDialog</name>
        <message numerus="yes">
            <source>You saw no difference in any of %n picture(s).</source>
            <translation>
                <numerusform>Sie sahen bei %n Bild keinen Unterschied.</numerusform>
                <numerusform>Sie sahen bei keinem von %n Bildern einen Unterschied.</numerusform>
            </translation>
        </message>
        <message>
            <source>You preferred %1 in %2 of %3 pictures that you told apart (%4 %; 95 % confidence interval %5 % to %6 %).</source>
            <translation>Sie zogen %1 bei %2 von %3 Bildern vor, die Sie auseinanderhielten (%4 %; 95-%-Konfidenzintervall %5 % bis %6 %).</translation>
        </message>
        <message numerus="yes">
            <source>In %n picture(s) you saw no difference.</source>
            <translation>
                <numerusform>Bei %n Bild sahen Sie keinen Unterschied.</numerusform>
                <numerusform>Bei %n Bildern sahen Sie keinen Unterschied.</numerusform>
            </translation>
        </message>
        <message>
            <source>That may be chance: so uneven an outcome comes about in %1 % of all cases where neither is better.</source>
            <translation>Das kann Zufall sein: Ein so ungleiches Ergebnis kommt in %1 % aller Fälle zustande, in denen keines besser ist.</translation>
        </message>
        <message>
            <source>You like it better than the baseline.</source>
            <translation>Sie mögen sie lieber als die Vergleichsbasis.</translation>
        </message>
        <message>
            <source>You like it less than the baseline.</source>
            <translation>Sie mögen sie weniger als die Vergleichsbasis.</translation>
        </message>
        <message>
            <source>Question</source>
            <translation>Frage</translation>
        </message>
        <message>
            <source>Prompt</source>
            <translation>Prompt</translation>
        </message>
        <message>
            <source>Picture 1 is better (1)</source>
            <translation>Bild 1 ist besser (1)</translation>
        </message>
        <message>
            <source>Picture 2 is better (2)</source>
            <translation>Bild 2 ist besser (2)</translation>
        </message>
        <message>
            <source>No difference (0)</source>
            <translation>Kein Unterschied (0)</translation>
        </message>
        <message>
            <source>Take the last answer back</source>
            <translation>Die letzte Antwort zurücknehmen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Blind test</source>
            <translation>Blindtest</translation>
        </message>
        <message>
            <source>Which picture is better? (%1 of %2)</source>
            <translation>Welches Bild ist besser? (%1 von %2)</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::BudgetPanel</name>
        <message>
            <source>%1 dB</source>
            <translation>%1 dB</translation>
        </message>
        <message>
            <source>no loss</source>
            <translation>kein Verlust</translation>
        </message>
        <message>
            <source>errors of the weights</source>
            <translation>Fehler der Gewichte</translation>
        </message>
        <message>
            <source>errors at the layers&apos; outputs</source>
            <translation>Fehler an den Ausgängen der Schichten</translation>
        </message>
        <message>
            <source>errors of the network&apos;s output</source>
            <translation>Fehler der Ausgabe des Netzes</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Make it fit</source>
            <translation>Passend machen</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>Budget</translation>
        </message>
        <message>
            <source>Progress of measuring</source>
            <translation>Fortschritt des Messens</translation>
        </message>
        <message>
            <source>Size to fit into</source>
            <translation>Zielgröße</translation>
        </message>
        <message>
            <source>Size of the file, from the smallest to the one without loss</source>
            <translation>Größe der Datei, von der kleinsten bis zur verlustfreien</translation>
        </message>
        <message>
            <source>Size and harm where the slider is</source>
            <translation>Größe und Schaden an der Stelle des Reglers</translation>
        </message>
        <message>
            <source>State of the budget</source>
            <translation>Zustand des Budgets</translation>
        </message>
        <message>
            <source>Nothing measured yet</source>
            <translation>Noch nichts gemessen</translation>
        </message>
        <message>
            <source>How small can the file be, and what does that cost? Measuring reads every weight once and tries the formats on each layer; the curve of the best mixes then shows here. With statistics it counts errors at the outputs instead of those of the weights.</source>
            <translation>Wie klein kann die Datei werden, und was kostet das? Das Messen liest jedes Gewicht einmal und probiert die Formate an jeder Schicht; die Kurve der besten Mischungen erscheint dann hier. Mit Statistik zählen Fehler an den Ausgängen statt der Fehler der Gewichte.</translation>
        </message>
        <message>
            <source>Harm against size</source>
            <translation>Schaden gegen Größe</translation>
        </message>
        <message>
            <source>&amp;Fit into</source>
            <translation>&amp;Einpassen in</translation>
        </message>
        <message>
            <source>Size of the file, MB</source>
            <translation>Größe der Datei, MB</translation>
        </message>
        <message>
            <source>Signal to error, dB</source>
            <translation>Signal zu Fehler, dB</translation>
        </message>
        <message>
            <source>Measured %1. Drag the slider, or name a size: the plan follows as one step.</source>
            <translation>Gemessen: %1. Ziehen Sie den Regler oder nennen Sie eine Größe: der Plan folgt in einem Schritt.</translation>
        </message>
        <message>
            <source>Measure again</source>
            <translation>Neu messen</translation>
        </message>
        <message>
            <source>6GB, 60%, 8GB GPU, 0.5% error</source>
            <translation>6GB, 60%, 8GB GPU, 0.5% error</translation>
        </message>
        <message>
            <source>Bytes of the file (6GB), percent of the original (60%), bits for each weight (4.5bpw), the memory of a GPU (8GB GPU), or the error to accept (0.5% error, 40dB)</source>
            <translation>Bytes der Datei (6GB), Prozent des Originals (60%), Bits für jedes Gewicht (4.5bpw), der Speicher einer GPU (8GB GPU) oder der Fehler, der hingenommen wird (0.5% error, 40dB)</translation>
        </message>
        <message>
            <source>The file takes %1; relative error %2, harm %3 (%4). At most %5 % above the best possible mix. The details of a layer say why it got its format.</source>
            <translation>Die Datei braucht %1; relativer Fehler %2, Schaden %3 (%4). Höchstens %5 % über der bestmöglichen Mischung. Die Einzelheiten einer Schicht sagen, warum sie ihr Format bekam.</translation>
        </message>
        <message>
            <source>%1: error %2, %3</source>
            <translation>%1: Fehler %2, %3</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Calls of the network for the probe</source>
            <translation>Aufrufe des Netzes für die Probe</translation>
        </message>
        <message>
            <source>off</source>
            <translation>aus</translation>
        </message>
        <message>
            <source> calls</source>
            <translation> Aufrufe</translation>
        </message>
        <message>
            <source>Also tries each layer on so many calls of the network that denoises, and ranks layers by what its output changes: %1 are usual. That takes layers × calls runs of the network: seconds to minutes for networks up to 200 million parameters, hours for larger ones. The prompts are those of the statistics, or those that come with Mantissa.</source>
            <translation>Probiert jede Schicht auch an so vielen Aufrufen des Netzes, das entrauscht, und ordnet die Schichten danach, was sich an dessen Ausgabe ändert: %1 sind üblich. Das braucht Schichten × Aufrufe Läufe des Netzes: Sekunden bis Minuten für Netze bis 200 Millionen Parameter, Stunden für größere. Die Prompts sind die der Statistik oder die, die mit Mantissa kommen.</translation>
        </message>
        <message>
            <source>P&amp;robe</source>
            <translation>P&amp;robe</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Angehalten.</translation>
        </message>
        <message>
            <source>The probe was stopped; “Measure again” goes on with it.</source>
            <translation>Die Probe wurde angehalten; „Neu messen“ setzt sie fort.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::BudgetPresenter</name>
        <message>
            <source>Fit the file into %1</source>
            <translation>Die Datei in %1 einpassen</translation>
        </message>
        <message>
            <source>Trying the formats on the weights…</source>
            <translation>Die Formate werden an den Gewichten probiert …</translation>
        </message>
        <message>
            <source>Probing the network: %1 of %2</source>
            <translation>Probe am Netz: %1 von %2</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CalibrationPanel</name>
        <message>
            <source>How many prompts</source>
            <translation>Anzahl der Prompts</translation>
        </message>
        <message>
            <source>Sampling steps a prompt</source>
            <translation>Schritte je Prompt</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Statistics file</source>
            <translation>Statistikdatei</translation>
        </message>
        <message>
            <source>Problem with the settings</source>
            <translation>Problem mit den Einstellungen</translation>
        </message>
        <message>
            <source>Calibrate</source>
            <translation>Kalibrieren</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen…</translation>
        </message>
        <message>
            <source>Progress of the calibration</source>
            <translation>Fortschritt der Kalibrierung</translation>
        </message>
        <message>
            <source>State of the calibration</source>
            <translation>Zustand der Kalibrierung</translation>
        </message>
        <message>
            <source>Statistics in use</source>
            <translation>Verwendete Statistik</translation>
        </message>
        <message>
            <source>Layer that is shown</source>
            <translation>Gezeigte Schicht</translation>
        </message>
        <message>
            <source>What clipping there would do</source>
            <translation>Was Kappen dort bewirken würde</translation>
        </message>
        <message>
            <source>The plot in words</source>
            <translation>Das Bild in Worten</translation>
        </message>
        <message>
            <source>Nothing to show yet</source>
            <translation>Noch nichts zu zeigen</translation>
        </message>
        <message>
            <source>Logarithmic counts</source>
            <translation>Logarithmische Anzahlen</translation>
        </message>
        <message>
            <source>Clip line back to the least error</source>
            <translation>Kapplinie zurück zum kleinsten Fehler</translation>
        </message>
        <message>
            <source>Calibration</source>
            <translation>Kalibrierung</translation>
        </message>
        <message>
            <source>Prompts that resemble what the model will be used for give the best statistics</source>
            <translation>Prompts, die dem späteren Gebrauch ähneln, geben die beste Statistik</translation>
        </message>
        <message>
            <source>×</source>
            <translation>×</translation>
        </message>
        <message>
            <source>times</source>
            <translation>mal</translation>
        </message>
        <message>
            <source>steps</source>
            <translation>Schritte</translation>
        </message>
        <message>
            <source>Prompts; 8 are a quick look, 32 are the usual number</source>
            <translation>Prompts; 8 sind ein kurzer Blick, 32 sind üblich</translation>
        </message>
        <message>
            <source>Sampling steps for each prompt</source>
            <translation>Schritte für jeden Prompt</translation>
        </message>
        <message>
            <source>Coun&amp;t</source>
            <translation>An&amp;zahl</translation>
        </message>
        <message>
            <source>Se&amp;ed</source>
            <translation>Sta&amp;rtwert</translation>
        </message>
        <message>
            <source>Save &amp;as</source>
            <translation>Speichern &amp;als</translation>
        </message>
        <message>
            <source>Settings of the calibration</source>
            <translation>Einstellungen der Kalibrierung</translation>
        </message>
        <message>
            <source>Inputs of the selected layer</source>
            <translation>Eingaben der gewählten Schicht</translation>
        </message>
        <message>
            <source>log</source>
            <translation>log</translation>
        </message>
        <message>
            <source>Counts on a logarithmic scale</source>
            <translation>Anzahlen auf logarithmischer Skala</translation>
        </message>
        <message>
            <source>Loading the model…</source>
            <translation>Modell wird geladen…</translation>
        </message>
        <message>
            <source>Step %1 of %2</source>
            <translation>Schritt %1 von %2</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) over %1 prompts in %2.</source>
            <translation>
                <numerusform>%n Schicht über %1 Prompts in %2.</numerusform>
                <numerusform>%n Schichten über %1 Prompts in %2.</numerusform>
            </translation>
        </message>
        <message>
            <source>Stopped. Finished prompts are kept; “Resume” goes on after them.</source>
            <translation>Angehalten. Fertige Prompts bleiben; „Fortsetzen“ macht danach weiter.</translation>
        </message>
        <message>
            <source>No statistics yet. Calibrate on some prompts, or open statistics that exist: the inputs of the layer that is selected in the tree then show here, while the run goes on.</source>
            <translation>Noch keine Statistik. Kalibrieren Sie auf einigen Prompts oder öffnen Sie vorhandene Statistik: Die Eingaben der im Baum gewählten Schicht erscheinen dann hier, schon während des Laufs.</translation>
        </message>
        <message>
            <source>This file exists; it is replaced when the calibration is complete.</source>
            <translation>Diese Datei gibt es; sie wird ersetzt, wenn die Kalibrierung fertig ist.</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Calibrate and replace</source>
            <translation>Kalibrieren und ersetzen</translation>
        </message>
        <message>
            <source>Recipes light, balanced and best need statistics; none are open.</source>
            <translation>Die Rezepte light, balanced und best brauchen Statistik; keine ist geöffnet.</translation>
        </message>
        <message numerus="yes">
            <source>In use: %1, %n layer(s), %2 prompts × %3 steps%4</source>
            <translation>
                <numerusform>In Gebrauch: %1, %n Schicht, %2 Prompts × %3 Schritte%4</numerusform>
                <numerusform>In Gebrauch: %1, %n Schichten, %2 Prompts × %3 Schritte%4</numerusform>
            </translation>
        </message>
        <message>
            <source>; made with noise instead of prompts</source>
            <translation>; mit Rauschen statt Prompts gemacht</translation>
        </message>
        <message>
            <source>%1 — prompt %2 of %3</source>
            <translation>%1 — Prompt %2 von %3</translation>
        </message>
        <message>
            <source>Clipping at %1 cuts %2 of the values; expected signal to error of %3: %4 dB.</source>
            <translation>Kappen bei %1 schneidet %2 der Werte ab; erwarteter Signal-Fehler-Abstand von %3: %4 dB.</translation>
        </message>
        <message>
            <source>Statistics (*.safetensors)</source>
            <translation>Statistik (*.safetensors)</translation>
        </message>
        <message>
            <source>Keep the outline of this layer for comparing</source>
            <translation>Den Umriss dieser Schicht zum Vergleichen behalten</translation>
        </message>
        <message>
            <source>pin</source>
            <translation>merken</translation>
        </message>
        <message>
            <source>Keeps this layer&apos;s outline as a dotted line behind what comes next: other layers, or another run</source>
            <translation>Behält den Umriss dieser Schicht als gepunktete Linie hinter dem, was folgt: andere Schichten oder ein anderer Lauf</translation>
        </message>
        <message numerus="yes">
            <source> · largest value unchanged for %n step(s)</source>
            <translation>
                <numerusform> · größter Wert seit %n Schritt unverändert</numerusform>
                <numerusform> · größter Wert seit %n Schritten unverändert</numerusform>
            </translation>
        </message>
        <message>
            <source>How many layers are shown</source>
            <translation>Wie viele Schichten zu sehen sind</translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n selected layer(s)</source>
            <translation>
                <numerusform>%1 von %n gewählten Schicht</numerusform>
                <numerusform>%1 von %n gewählten Schichten</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CalibrationPresenter</name>
        <message>
            <source>Open a checkpoint first.</source>
            <translation>Öffnen Sie zuerst eine Modelldatei.</translation>
        </message>
        <message>
            <source>A calibration is running.</source>
            <translation>Eine Kalibrierung läuft.</translation>
        </message>
        <message>
            <source>Say where the statistics shall go.</source>
            <translation>Sagen Sie, wohin die Statistik soll.</translation>
        </message>
        <message>
            <source>The folder %1 cannot be written to.</source>
            <translation>In den Ordner %1 kann nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>Select a layer in the tree to see its inputs.</source>
            <translation>Wählen Sie eine Schicht im Baum, um ihre Eingaben zu sehen.</translation>
        </message>
        <message>
            <source>The statistics have nothing about %1.</source>
            <translation>Die Statistik sagt nichts über %1.</translation>
        </message>
        <message>
            <source>%1 and %2, guidance %3, sizes %4, watched: %5</source>
            <translation>%1 und %2, Guidance %3, Größen %4, beobachtet: %5</translation>
        </message>
        <message>
            <source>Sizes are written as 512x768, several of them with commas between.</source>
            <translation>Größen schreibt man als 512x768, mehrere mit Kommas dazwischen.</translation>
        </message>
        <message>
            <source>Choose at least one part of the model to watch.</source>
            <translation>Wählen Sie mindestens einen Teil des Modells, der beobachtet wird.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CheckpointDialog</name>
        <message>
            <source>same</source>
            <translation>gleich</translation>
        </message>
        <message>
            <source>stored otherwise</source>
            <translation>anders gespeichert</translation>
        </message>
        <message>
            <source>other values</source>
            <translation>andere Werte</translation>
        </message>
        <message>
            <source>other shape</source>
            <translation>andere Form</translation>
        </message>
        <message>
            <source>added</source>
            <translation>hinzugekommen</translation>
        </message>
        <message>
            <source>missing</source>
            <translation>fehlt</translation>
        </message>
        <message>
            <source>Beside %1</source>
            <translation>Neben %1</translation>
        </message>
        <message>
            <source>Summary</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <source>Progress of the comparison</source>
            <translation>Fortschritt des Vergleichs</translation>
        </message>
        <message>
            <source>Search layers</source>
            <translation>Schichten suchen</translation>
        </message>
        <message>
            <source>Search layers, formats and kinds of change</source>
            <translation>Schichten, Formate und Arten der Änderung suchen</translation>
        </message>
        <message>
            <source>Layers of both files</source>
            <translation>Schichten beider Dateien</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Änderung</translation>
        </message>
        <message>
            <source>Here</source>
            <translation>Hier</translation>
        </message>
        <message>
            <source>There</source>
            <translation>Dort</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Reading both files, layer by layer…</source>
            <translation>Beide Dateien werden gelesen, Schicht für Schicht…</translation>
        </message>
        <message>
            <source>%1 %2</source>
            <translation>%1 %2</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s): %1. Errors are those of the decoded weights, relative to the open file.</source>
            <translation>
                <numerusform>%n Schicht: %1. Fehler sind die der decodierten Gewichte, bezogen auf die offene Datei.</numerusform>
                <numerusform>%n Schichten: %1. Fehler sind die der decodierten Gewichte, bezogen auf die offene Datei.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CommandPalette</name>
        <message>
            <source>Command palette</source>
            <translation>Befehlspalette</translation>
        </message>
        <message>
            <source>Search actions</source>
            <translation>Aktionen suchen</translation>
        </message>
        <message>
            <source>Type a part of what you want to do</source>
            <translation>Tippen Sie einen Teil dessen, was Sie tun wollen</translation>
        </message>
        <message>
            <source>Set to %1</source>
            <translation>Auf %1 setzen</translation>
        </message>
        <message>
            <source>Actions</source>
            <translation>Aktionen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ComparePage</name>
        <message>
            <source>The pair that is shown</source>
            <translation>Das gezeigte Paar</translation>
        </message>
        <message>
            <source>The pixel under the pointer</source>
            <translation>Der Pixel unter dem Zeiger</translation>
        </message>
        <message>
            <source>Variant whose pictures are shown</source>
            <translation>Variante, deren Bilder gezeigt werden</translation>
        </message>
        <message>
            <source>Outliers first</source>
            <translation>Ausreißer zuerst</translation>
        </message>
        <message>
            <source>Prompts whose pictures are furthest from the baseline first</source>
            <translation>Prompts, deren Bilder am weitesten von der Vergleichsbasis entfernt sind, zuerst</translation>
        </message>
        <message>
            <source>Compare pictures</source>
            <translation>Bilder vergleichen</translation>
        </message>
        <message>
            <source>Pictures and tables</source>
            <translation>Bilder und Tabellen</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Pictures by prompt and seed</source>
            <translation>Bilder nach Prompt und Startwert</translation>
        </message>
        <message>
            <source>Tables of the comparison</source>
            <translation>Tabellen des Vergleichs</translation>
        </message>
        <message>
            <source>Every pair with its numbers</source>
            <translation>Jedes Paar mit seinen Zahlen</translation>
        </message>
        <message>
            <source>Variants with means and cost</source>
            <translation>Varianten mit Mittelwerten und Kosten</translation>
        </message>
        <message>
            <source>Numbers</source>
            <translation>Zahlen</translation>
        </message>
        <message>
            <source>Totals and cost</source>
            <translation>Gesamt und Kosten</translation>
        </message>
        <message>
            <source>Layers to blame</source>
            <translation>Schuldige Schichten</translation>
        </message>
        <message>
            <source>Ratings and notes</source>
            <translation>Bewertungen und Notizen</translation>
        </message>
        <message>
            <source>The first picture is being made…</source>
            <translation>Das erste Bild wird erzeugt…</translation>
        </message>
        <message>
            <source>Choose variants on the left and make pictures: the original and what becomes of it show here, side by side, as a difference, or one behind the other.</source>
            <translation>Wählen Sie links Varianten und erzeugen Sie Bilder: Das Original und was aus ihm wird erscheinen hier nebeneinander, als Unterschied oder hintereinander.</translation>
        </message>
        <message>
            <source>No picture was finished.</source>
            <translation>Kein Bild wurde fertig.</translation>
        </message>
        <message>
            <source>%1 (baseline)</source>
            <translation>%1 (Vergleichsbasis)</translation>
        </message>
        <message>
            <source>%1, being made</source>
            <translation>%1, wird erzeugt</translation>
        </message>
        <message>
            <source>seed %1</source>
            <translation>Startwert %1</translation>
        </message>
        <message>
            <source>parts from the original at step %1</source>
            <translation>trennt sich vom Original bei Schritt %1</translation>
        </message>
        <message>
            <source>Choose a picture first.</source>
            <translation>Wählen Sie zuerst ein Bild.</translation>
        </message>
        <message>
            <source>These pictures were not made here from the open checkpoint, so no layer can be blamed.</source>
            <translation>Diese Bilder wurden nicht hier aus dem geöffneten Checkpoint erzeugt, also lässt sich keine Schicht beschuldigen.</translation>
        </message>
        <message>
            <source>Prompts</source>
            <translation>Prompts</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ComparisonPresenter</name>
        <message>
            <source>Plan as it is now</source>
            <translation>Plan, wie er jetzt ist</translation>
        </message>
        <message>
            <source>Open a checkpoint first: it is what the others are compared with.</source>
            <translation>Öffnen Sie zuerst einen Checkpoint: Mit ihm werden die anderen verglichen.</translation>
        </message>
        <message>
            <source>Choose at least one variant to compare with the original.</source>
            <translation>Wählen Sie mindestens eine Variante, die mit dem Original verglichen wird.</translation>
        </message>
        <message>
            <source>Write seeds as numbers and ranges: 0, 1, 5-8.</source>
            <translation>Schreiben Sie Startwerte als Zahlen und Bereiche: 0, 1, 5-8.</translation>
        </message>
        <message>
            <source>Give both sides of the pictures, or neither.</source>
            <translation>Geben Sie beide Seiten der Bilder an oder keine.</translation>
        </message>
        <message>
            <source>The recipe “%1” needs statistics: calibrate the model, or open statistics of it.</source>
            <translation>Das Rezept „%1“ braucht Statistiken: Kalibrieren Sie das Modell, oder öffnen Sie Statistiken dazu.</translation>
        </message>
        <message>
            <source>The report is being written; wait until it is done.</source>
            <translation>Der Bericht wird geschrieben; bitte warten, bis er fertig ist.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ComparisonSetup</name>
        <message>
            <source>Sampler, scheduler, guidance, what pictures should not show</source>
            <translation>Sampler, Scheduler, Guidance, was Bilder nicht zeigen sollen</translation>
        </message>
        <message>
            <source>Negative prompt</source>
            <translation>Negativer Prompt</translation>
        </message>
        <message>
            <source>1: the negative prompt has no part, and a step takes half the time</source>
            <translation>1: Der negative Prompt wirkt nicht, und ein Schritt dauert halb so lange</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keiner</translation>
        </message>
        <message>
            <source>What pictures should not show; it takes part where the guidance is above 1</source>
            <translation>Was Bilder nicht zeigen sollen; es wirkt, wo die Guidance über 1 liegt</translation>
        </message>
        <message>
            <source>&amp;Negative</source>
            <translation>&amp;Negativ</translation>
        </message>
        <message>
            <source>not: %1</source>
            <translation>nicht: %1</translation>
        </message>
        <message>
            <source>usual</source>
            <translation>üblich</translation>
        </message>
        <message>
            <source>The original, which all others are compared with</source>
            <translation>Das Original, mit dem alle anderen verglichen werden</translation>
        </message>
        <message>
            <source>Variants to compare with the original</source>
            <translation>Varianten, die mit dem Original verglichen werden</translation>
        </message>
        <message>
            <source>Add a variant</source>
            <translation>Eine Variante hinzufügen</translation>
        </message>
        <message>
            <source>Take the variant off the list</source>
            <translation>Die Variante von der Liste nehmen</translation>
        </message>
        <message>
            <source>How many prompts</source>
            <translation>Anzahl der Prompts</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>Startwerte</translation>
        </message>
        <message>
            <source>Sampling steps</source>
            <translation>Schritte</translation>
        </message>
        <message>
            <source>Width in pixels</source>
            <translation>Breite in Pixeln</translation>
        </message>
        <message>
            <source>Height in pixels</source>
            <translation>Höhe in Pixeln</translation>
        </message>
        <message>
            <source>Problem with the settings</source>
            <translation>Problem mit den Einstellungen</translation>
        </message>
        <message>
            <source>Make pictures</source>
            <translation>Bilder erzeugen</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Compare folders…</source>
            <translation>Ordner vergleichen…</translation>
        </message>
        <message>
            <source>Progress of the comparison</source>
            <translation>Fortschritt des Vergleichs</translation>
        </message>
        <message>
            <source>State of the comparison</source>
            <translation>Stand des Vergleichs</translation>
        </message>
        <message>
            <source>What is compared</source>
            <translation>Was verglichen wird</translation>
        </message>
        <message>
            <source>Variants</source>
            <translation>Varianten</translation>
        </message>
        <message>
            <source>Pictures</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Pinned: every variant is compared with it</source>
            <translation>Fest: Jede Variante wird damit verglichen</translation>
        </message>
        <message>
            <source>An export or another checkpoint…</source>
            <translation>Ein Export oder anderer Checkpoint…</translation>
        </message>
        <message>
            <source>The plan as it is now</source>
            <translation>Der Plan, wie er jetzt ist</translation>
        </message>
        <message>
            <source>All layers in one format, without an export</source>
            <translation>Alle Schichten in einem Format, ohne Export</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Hinzufügen</translation>
        </message>
        <message>
            <source>all</source>
            <translation>alle</translation>
        </message>
        <message>
            <source>The first so many of the prompts</source>
            <translation>So viele der Prompts, von vorn</translation>
        </message>
        <message>
            <source>Numbers and ranges: 0, 1, 5-8. Each prompt is drawn once with each</source>
            <translation>Zahlen und Bereiche: 0, 1, 5-8. Jeder Prompt wird mit jedem einmal gezeichnet</translation>
        </message>
        <message>
            <source>Sampling steps of each picture</source>
            <translation>Schritte für jedes Bild</translation>
        </message>
        <message>
            <source>×</source>
            <translation>×</translation>
        </message>
        <message>
            <source>times</source>
            <translation>mal</translation>
        </message>
        <message>
            <source>Coun&amp;t</source>
            <translation>An&amp;zahl</translation>
        </message>
        <message>
            <source>See&amp;ds</source>
            <translation>Start&amp;werte</translation>
        </message>
        <message>
            <source>Ste&amp;ps</source>
            <translation>&amp;Schritte</translation>
        </message>
        <message>
            <source>Si&amp;ze</source>
            <translation>&amp;Größe</translation>
        </message>
        <message>
            <source>Compared.</source>
            <translation>Verglichen.</translation>
        </message>
        <message>
            <source>%1 pictures made, %2 taken from earlier runs.</source>
            <translation>%1 Bilder erzeugt, %2 aus früheren Läufen übernommen.</translation>
        </message>
        <message>
            <source>Stopped. Finished pictures are kept; “Go on” makes the rest.</source>
            <translation>Angehalten. Fertige Bilder bleiben; „Fortsetzen“ erzeugt den Rest.</translation>
        </message>
        <message>
            <source>Stopping after the step under way…</source>
            <translation>Hält nach dem laufenden Schritt an…</translation>
        </message>
        <message>
            <source>Reading models…</source>
            <translation>Modelle werden gelesen…</translation>
        </message>
        <message>
            <source>%1: %2 of %3</source>
            <translation>%1: %2 von %3</translation>
        </message>
        <message>
            <source>No checkpoint is open.</source>
            <translation>Es ist kein Checkpoint geöffnet.</translation>
        </message>
        <message>
            <source>Baseline: %1</source>
            <translation>Vergleichsbasis: %1</translation>
        </message>
        <message>
            <source>Go on</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Add a checkpoint to compare</source>
            <translation>Einen Checkpoint zum Vergleichen hinzufügen</translation>
        </message>
        <message>
            <source>Weights of LPIPS</source>
            <translation>Gewichte von LPIPS</translation>
        </message>
        <message>
            <source>not measured</source>
            <translation>nicht gemessen</translation>
        </message>
        <message>
            <source>&amp;LPIPS</source>
            <translation>&amp;LPIPS</translation>
        </message>
        <message>
            <source>Files with the weights of LPIPS, which are not Mantissa&apos;s to ship: one with the state of lpips.LPIPS, or its linear layers and torchvision&apos;s network</source>
            <translation>Dateien mit den Gewichten von LPIPS, die Mantissa nicht mitliefern darf: eine mit dem Zustand von lpips.LPIPS, oder dessen lineare Schichten und das Netz von torchvision</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::DangerPanel</name>
        <message>
            <source>What this file would have run</source>
            <translation>Was diese Datei ausgeführt hätte</translation>
        </message>
        <message numerus="yes">
            <source>Loaded by Python, this file would have called %n function(s) of its own choice. Nothing was run here.</source>
            <translation>
                <numerusform>Von Python geladen hätte diese Datei %n Funktion ihrer Wahl aufgerufen. Hier wurde nichts ausgeführt.</numerusform>
                <numerusform>Von Python geladen hätte diese Datei %n Funktionen ihrer Wahl aufgerufen. Hier wurde nichts ausgeführt.</numerusform>
            </translation>
        </message>
        <message>
            <source>Explanation</source>
            <translation>Erklärung</translation>
        </message>
        <message>
            <source>Calls that were refused</source>
            <translation>Verweigerte Aufrufe</translation>
        </message>
        <message>
            <source>Would have called</source>
            <translation>Hätte aufgerufen</translation>
        </message>
        <message>
            <source>At byte</source>
            <translation>Bei Byte</translation>
        </message>
        <message>
            <source>and %1 more</source>
            <translation>und %1 weitere</translation>
        </message>
        <message>
            <source>Save as safetensors…</source>
            <translation>Als safetensors speichern…</translation>
        </message>
        <message>
            <source>Save the tensors of this file as safetensors</source>
            <translation>Die Tensoren dieser Datei als safetensors speichern</translation>
        </message>
        <message>
            <source>Writes the plain tensors into a file that cannot run anything. None of these calls is made; what they would have made is left out.</source>
            <translation>Schreibt die einfachen Tensoren in eine Datei, die nichts ausführen kann. Keiner dieser Aufrufe geschieht; was sie erzeugt hätten, fehlt.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::DetailsPane</name>
        <message>
            <source>Rule %1 (%2): %3</source>
            <translation>Regel %1 (%2): %3</translation>
        </message>
        <message>
            <source>Set here by you</source>
            <translation>Von Ihnen hier gesetzt</translation>
        </message>
        <message>
            <source>A guard, which wins over everything</source>
            <translation>Ein Schutz, der über alles siegt</translation>
        </message>
        <message>
            <source>Critical layer, kept by default</source>
            <translation>Kritische Schicht, bleibt von sich aus</translation>
        </message>
        <message>
            <source>Base format of the plan</source>
            <translation>Grundformat des Plans</translation>
        </message>
        <message>
            <source>A rule</source>
            <translation>Eine Regel</translation>
        </message>
        <message>
            <source>No part of the plan speaks about it</source>
            <translation>Kein Teil des Plans spricht darüber</translation>
        </message>
        <message>
            <source>Layer details</source>
            <translation>Einzelheiten der Schicht</translation>
        </message>
        <message>
            <source>Select a layer to see how it is stored and what decided that.</source>
            <translation>Wählen Sie eine Schicht, um zu sehen, wie sie gespeichert wird und was das entschied.</translation>
        </message>
        <message>
            <source>%1 · %2 · %3</source>
            <translation>%1 · %2 · %3</translation>
        </message>
        <message>
            <source>Stored now as %1</source>
            <translation>Jetzt gespeichert als %1</translation>
        </message>
        <message>
            <source>Will be stored as</source>
            <translation>Wird gespeichert als</translation>
        </message>
        <message>
            <source>As it is (%1)</source>
            <translation>Wie sie ist (%1)</translation>
        </message>
        <message>
            <source>As %1</source>
            <translation>Als %1</translation>
        </message>
        <message>
            <source>Decoded to %1</source>
            <translation>Dekodiert zu %1</translation>
        </message>
        <message>
            <source>%1 → %2 (%3)</source>
            <translation>%1 → %2 (%3)</translation>
        </message>
        <message>
            <source>Decided by</source>
            <translation>Entschieden durch</translation>
        </message>
        <message>
            <source>Won over</source>
            <translation>Siegte über</translation>
        </message>
        <message>
            <source>Critical layer</source>
            <translation>Kritische Schicht</translation>
        </message>
        <message>
            <source>Critical at 4 bits</source>
            <translation>Kritisch bei 4 Bit</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s)</source>
            <translation>
                <numerusform>%n Schicht</numerusform>
                <numerusform>%n Schichten</numerusform>
            </translation>
        </message>
        <message>
            <source> · %1 critical</source>
            <translation> · %1 kritisch</translation>
        </message>
        <message>
            <source>%1 × %2</source>
            <translation>%1 × %2</translation>
        </message>
        <message>
            <source>as it is</source>
            <translation>wie sie ist</translation>
        </message>
        <message>
            <source>No weights here that a format could store.</source>
            <translation>Keine Gewichte hier, die ein Format speichern könnte.</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) set by you</source>
            <translation>
                <numerusform>%n Schicht von Ihnen gesetzt</numerusform>
                <numerusform>%n Schichten von Ihnen gesetzt</numerusform>
            </translation>
        </message>
        <message>
            <source>Badge %1</source>
            <translation>Abzeichen %1</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Measured error of the weights</source>
            <translation>Gemessener Fehler der Gewichte</translation>
        </message>
        <message>
            <source>Measured error of the output</source>
            <translation>Gemessener Fehler der Ausgabe</translation>
        </message>
        <message>
            <source>%1 as it is</source>
            <translation>%1 wie sie ist</translation>
        </message>
        <message>
            <source>%1, error %2 (%3 dB)</source>
            <translation>%1, Fehler %2 (%3 dB)</translation>
        </message>
        <message>
            <source>%1 — planned</source>
            <translation>%1 – geplant</translation>
        </message>
        <message>
            <source>%1 would take %2 more for an error of %3 instead of %4.</source>
            <translation>%1 bräuchte %2 mehr für einen Fehler von %3 statt %4.</translation>
        </message>
        <message>
            <source>%1 is better here: no larger, and an error of %2 instead of %3.</source>
            <translation>%1 ist hier besser: nicht größer, und ein Fehler von %2 statt %3.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::DropTarget</name>
        <message>
            <source>Drop a checkpoint here</source>
            <translation>Modelldatei hier ablegen</translation>
        </message>
        <message>
            <source>Icon of Mantissa</source>
            <translation>Symbol von Mantissa</translation>
        </message>
        <message>
            <source>safetensors, sharded index, diffusers folder, GGUF, .ckpt, .pt, .bin
Only the header is read. Nothing in a pickle is run.</source>
            <translation>safetensors, Index von Teilen, diffusers-Ordner, GGUF, .ckpt, .pt, .bin
Nur der Kopf wird gelesen. Nichts in einem Pickle wird ausgeführt.</translation>
        </message>
        <message>
            <source>Open a file…</source>
            <translation>Datei öffnen…</translation>
        </message>
        <message>
            <source>Try the sample</source>
            <translation>Beispiel ausprobieren</translation>
        </message>
        <message>
            <source>Show me how</source>
            <translation>Zeig mir, wie</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ExportDialog</name>
        <message>
            <source>&amp;Continue an interrupted export</source>
            <translation>Einen unterbrochenen Export &amp;fortsetzen</translation>
        </message>
        <message>
            <source>&amp;Allow NaN and infinity in weights</source>
            <translation>&amp;NaN und Unendlich in Gewichten erlauben</translation>
        </message>
        <message>
            <source>Otherwise such a weight stops the export and is named</source>
            <translation>Sonst beendet ein solches Gewicht den Export und wird genannt</translation>
        </message>
        <message>
            <source>&amp;Measure the error of each layer</source>
            <translation>Den Fehler jeder Schicht &amp;messen</translation>
        </message>
        <message>
            <source>Decodes every layer after it was encoded; takes a little longer</source>
            <translation>Dekodiert jede Schicht nach dem Kodieren; dauert etwas länger</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Output file</source>
            <translation>Ausgabedatei</translation>
        </message>
        <message>
            <source>C&amp;hoose…</source>
            <translation>&amp;Wählen…</translation>
        </message>
        <message>
            <source>Choose the output file</source>
            <translation>Die Ausgabedatei wählen</translation>
        </message>
        <message>
            <source>Problem with the output file</source>
            <translation>Problem mit der Ausgabedatei</translation>
        </message>
        <message>
            <source>Size and free space</source>
            <translation>Größe und freier Platz</translation>
        </message>
        <message>
            <source>&amp;Output file</source>
            <translation>&amp;Ausgabedatei</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Options</source>
            <translation>Optionen</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>&amp;Export</source>
            <translation>&amp;Exportieren</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>This file exists. It is replaced when the export is complete; if the export fails or is cancelled, it stays as it is.</source>
            <translation>Diese Datei gibt es. Sie wird ersetzt, wenn der Export fertig ist; scheitert er oder wird er abgebrochen, bleibt sie, wie sie ist.</translation>
        </message>
        <message>
            <source>&amp;Overwrite</source>
            <translation>&amp;Überschreiben</translation>
        </message>
        <message>
            <source>Overwrite</source>
            <translation>Überschreiben</translation>
        </message>
        <message>
            <source>%1 (%2 bytes)</source>
            <translation>%1 (%2 bytes)</translation>
        </message>
        <message>
            <source>; the disk has only %1 free</source>
            <translation>; auf dem Datenträger sind nur %1 frei</translation>
        </message>
        <message>
            <source>; %1 free on the disk</source>
            <translation>; %1 frei auf dem Datenträger</translation>
        </message>
        <message>
            <source>Export to</source>
            <translation>Exportieren nach</translation>
        </message>
        <message>
            <source>Safetensors (*.safetensors)</source>
            <translation>Safetensors (*.safetensors)</translation>
        </message>
        <message>
            <source>Layers that are finished and still fit the plan are not done again, even if the plan was changed</source>
            <translation>Schichten, die fertig sind und noch zum Plan passen, werden nicht noch einmal gemacht, auch wenn der Plan geändert wurde</translation>
        </message>
        <message>
            <source>&amp;Verify the file afterwards</source>
            <translation>Datei danach &amp;prüfen</translation>
        </message>
        <message>
            <source>Reads the file back, decodes every layer and compares it with the original</source>
            <translation>Liest die Datei zurück, decodiert jede Schicht und vergleicht sie mit dem Original</translation>
        </message>
        <message>
            <source>about %1 of memory while it is written</source>
            <translation>etwa %1 Arbeitsspeicher, während sie geschrieben wird</translation>
        </message>
        <message>
            <source>There is not enough room on that disk; choose another folder, or free %1.</source>
            <translation>Auf diesem Datenträger ist nicht genug Platz; wählen Sie einen anderen Ordner oder geben Sie %1 frei.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ExportPanel</name>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Open folder</source>
            <translation>Ordner öffnen</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>State of the export</source>
            <translation>Zustand des Exports</translation>
        </message>
        <message>
            <source>Speed, time left and current layer</source>
            <translation>Geschwindigkeit, Restzeit und laufende Schicht</translation>
        </message>
        <message>
            <source>Progress of the export</source>
            <translation>Fortschritt des Exports</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Messages of the export appear here.</source>
            <translation>Meldungen des Exports erscheinen hier.</translation>
        </message>
        <message>
            <source>No export yet.</source>
            <translation>Noch kein Export.</translation>
        </message>
        <message>
            <source>Press Export to write the quantized checkpoint; its progress shows here.</source>
            <translation>„Exportieren“ schreibt die quantisierte Modelldatei; der Fortschritt erscheint hier.</translation>
        </message>
        <message>
            <source>Exporting to %1</source>
            <translation>Exportiert wird %1</translation>
        </message>
        <message>
            <source>Starting…</source>
            <translation>Beginnt…</translation>
        </message>
        <message>
            <source>Writing %1</source>
            <translation>%1 wird geschrieben</translation>
        </message>
        <message>
            <source>%1 of %2 tensors</source>
            <translation>%1 von %2 Tensoren</translation>
        </message>
        <message>
            <source>%1/s</source>
            <translation>%1/s</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message>
            <source>Warning: </source>
            <translation>Warnung: </translation>
        </message>
        <message>
            <source>Cancelling…</source>
            <translation>Wird abgebrochen…</translation>
        </message>
        <message numerus="yes">
            <source>%1 written in %2, read at %3/s · %n layer(s) quantized</source>
            <translation>
                <numerusform>%1 in %2 geschrieben, mit %3/s gelesen · %n Schicht quantisiert</numerusform>
                <numerusform>%1 in %2 geschrieben, mit %3/s gelesen · %n Schichten quantisiert</numerusform>
            </translation>
        </message>
        <message>
            <source> · %1 taken over from before</source>
            <translation> · %1 von vorher übernommen</translation>
        </message>
        <message>
            <source>Largest relative error: %1 % in %2</source>
            <translation>Größter relativer Fehler: %1 % in %2</translation>
        </message>
        <message>
            <source>Exported %1</source>
            <translation>%1 exportiert</translation>
        </message>
        <message>
            <source>Cancelled</source>
            <translation>Abgebrochen</translation>
        </message>
        <message>
            <source>Nothing was written under the final name. Finished layers are kept: choose “Continue an interrupted export” to go on.</source>
            <translation>Unter dem endgültigen Namen wurde nichts geschrieben. Fertige Schichten bleiben: „Einen unterbrochenen Export fortsetzen“ macht weiter.</translation>
        </message>
        <message>
            <source>Problem: </source>
            <translation>Problem: </translation>
        </message>
        <message>
            <source>Written, but the check found problems</source>
            <translation>Geschrieben, aber die Prüfung fand Probleme</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) do not decode as they should; see the log below.</source>
            <translation>
                <numerusform>%n Schicht decodiert nicht, wie sie sollte; siehe das Protokoll unten.</numerusform>
                <numerusform>%n Schichten decodieren nicht, wie sie sollten; siehe das Protokoll unten.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Verified: %n layer(s) read back and decoded</source>
            <translation>
                <numerusform>Geprüft: %n Schicht zurückgelesen und decodiert</numerusform>
                <numerusform>Geprüft: %n Schichten zurückgelesen und decodiert</numerusform>
            </translation>
        </message>
        <message>
            <source>; largest error %1 in %2</source>
            <translation>; größter Fehler %1 in %2</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ExportPresenter</name>
        <message>
            <source>mixed</source>
            <translation>gemischt</translation>
        </message>
        <message>
            <source>Say where the file shall go.</source>
            <translation>Sagen Sie, wohin die Datei soll.</translation>
        </message>
        <message>
            <source>This is a folder; add a file name.</source>
            <translation>Das ist ein Ordner; fügen Sie einen Dateinamen an.</translation>
        </message>
        <message>
            <source>The folder %1 does not exist.</source>
            <translation>Den Ordner %1 gibt es nicht.</translation>
        </message>
        <message>
            <source>The folder %1 cannot be written to.</source>
            <translation>In den Ordner %1 kann nicht geschrieben werden.</translation>
        </message>
        <message>
            <source>This is the file that is being read; choose another name.</source>
            <translation>Diese Datei wird gerade gelesen; wählen Sie einen anderen Namen.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FilesField</name>
        <message>
            <source>Choose files: %1</source>
            <translation>Dateien wählen: %1</translation>
        </message>
        <message>
            <source>Take the files away: %1</source>
            <translation>Dateien entfernen: %1</translation>
        </message>
        <message>
            <source>Weights (*.safetensors *.sft *.pth *.pt *.ckpt *.bin);;All files (*)</source>
            <translation>Gewichte (*.safetensors *.sft *.pth *.pt *.ckpt *.bin);;Alle Dateien (*)</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FindingsPanel</name>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>No findings</source>
            <translation>Keine Befunde</translation>
        </message>
        <message>
            <source>Nothing stands out: every rule matches, sensitive layers are preserved, and the runtime reads every format. Measured errors and open statistics add to what is looked at.</source>
            <translation>Nichts fällt auf: Jede Regel trifft, empfindliche Schichten bleiben erhalten, und die Laufzeit liest jedes Format. Gemessene Fehler und offene Statistiken erweitern, was betrachtet wird.</translation>
        </message>
        <message>
            <source>Runtime that the file is for</source>
            <translation>Laufzeit, für die die Datei ist</translation>
        </message>
        <message>
            <source>Formats that this runtime does not load become findings</source>
            <translation>Formate, die diese Laufzeit nicht lädt, werden zu Befunden</translation>
        </message>
        <message>
            <source>any runtime</source>
            <translation>irgendeine Laufzeit</translation>
        </message>
        <message>
            <source>Summary</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <source>The file is &amp;for</source>
            <translation>Die Datei ist &amp;für</translation>
        </message>
        <message>
            <source>Mends this as one step; undo takes it back</source>
            <translation>Behebt dies in einem Schritt; Rückgängig nimmt ihn zurück</translation>
        </message>
        <message numerus="yes">
            <source>Show %n layer(s)</source>
            <translation>
                <numerusform>%n Schicht zeigen</numerusform>
                <numerusform>%n Schichten zeigen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n problem(s)</source>
            <translation>
                <numerusform>%n Problem</numerusform>
                <numerusform>%n Probleme</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n warning(s)</source>
            <translation>
                <numerusform>%n Warnung</numerusform>
                <numerusform>%n Warnungen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s)</source>
            <translation>
                <numerusform>%n Hinweis</numerusform>
                <numerusform>%n Hinweise</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FindingsPresenter</name>
        <message>
            <source>Problem</source>
            <translation>Problem</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Hinweis</translation>
        </message>
        <message>
            <source>Keep them as they are</source>
            <translation>Lassen, wie sie sind</translation>
        </message>
        <message>
            <source>Rotate them by %1 channels</source>
            <translation>In Gruppen von %1 Kanälen drehen</translation>
        </message>
        <message>
            <source>Store them as %1</source>
            <translation>Als %1 speichern</translation>
        </message>
        <message>
            <source>Make %1 the base format</source>
            <translation>%1 zum Grundformat machen</translation>
        </message>
        <message>
            <source>Preserve critical layers</source>
            <translation>Kritische Schichten erhalten</translation>
        </message>
        <message>
            <source>Write float32 weights as %1</source>
            <translation>float32-Gewichte als %1 schreiben</translation>
        </message>
        <message>
            <source>Use the recipe %1</source>
            <translation>Das Rezept %1 benutzen</translation>
        </message>
        <message>
            <source>Remove the rule</source>
            <translation>Regel entfernen</translation>
        </message>
        <message>
            <source>Remove them from the plan</source>
            <translation>Aus dem Plan entfernen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FoldersDialog</name>
        <message>
            <source>What the folders are for</source>
            <translation>Wozu die Ordner dienen</translation>
        </message>
        <message>
            <source>Folders with pictures, the baseline first</source>
            <translation>Ordner mit Bildern, die Vergleichsbasis zuerst</translation>
        </message>
        <message>
            <source>Add a folder</source>
            <translation>Ordner hinzufügen</translation>
        </message>
        <message>
            <source>Take the folder off the list</source>
            <translation>Ordner von der Liste nehmen</translation>
        </message>
        <message>
            <source>Make the folder the baseline</source>
            <translation>Ordner zur Vergleichsbasis machen</translation>
        </message>
        <message>
            <source>Compare folders</source>
            <translation>Ordner vergleichen</translation>
        </message>
        <message>
            <source>Pictures of each folder are compared with those of the first one, matched by the prompt and seed in them, or by name.</source>
            <translation>Die Bilder jedes Ordners werden mit denen des ersten verglichen, einander zugeordnet nach Prompt und Startwert in den Bildern, sonst nach dem Namen.</translation>
        </message>
        <message>
            <source>Add…</source>
            <translation>Hinzufügen…</translation>
        </message>
        <message>
            <source>Baseline</source>
            <translation>Vergleichsbasis</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Schaltflächen</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Folder with the pictures of the baseline</source>
            <translation>Ordner mit den Bildern der Vergleichsbasis</translation>
        </message>
        <message>
            <source>Folder with pictures to compare with the baseline</source>
            <translation>Ordner mit Bildern, die mit der Vergleichsbasis verglichen werden</translation>
        </message>
        <message>
            <source>%1 (baseline)</source>
            <translation>%1 (Vergleichsbasis)</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FormatDialog</name>
        <message>
            <source>Set format</source>
            <translation>Format setzen</translation>
        </message>
        <message>
            <source>&amp;Format</source>
            <translation>&amp;Format</translation>
        </message>
        <message>
            <source>About the format</source>
            <translation>Über das Format</translation>
        </message>
        <message>
            <source>S&amp;cales per</source>
            <translation>S&amp;kalen je</translation>
        </message>
        <message>
            <source>&amp;Block size</source>
            <translation>&amp;Blockgröße</translation>
        </message>
        <message>
            <source>&amp;Rotation group</source>
            <translation>&amp;Drehgruppe</translation>
        </message>
        <message>
            <source>B&amp;its a code</source>
            <translation>B&amp;its je Code</translation>
        </message>
        <message>
            <source>R&amp;ank of the branch</source>
            <translation>R&amp;ang des Zweigs</translation>
        </message>
        <message>
            <source>Each step keeps more of the weight in 16 bits beside the codes: closer to the original, and larger</source>
            <translation>Jede Stufe hält mehr vom Gewicht in 16 Bit neben den Codes: näher am Original und größer</translation>
        </message>
        <message>
            <source>Multiply in full precision</source>
            <translation>In voller Genauigkeit multiplizieren</translation>
        </message>
        <message>
            <source>Asks the loader to dequantize first: slower, and closer to the original</source>
            <translation>Bittet den Lader, zuerst zu dequantisieren: langsamer und näher am Original</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>&amp;Set format</source>
            <translation>Format &amp;setzen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>as the format and recipe suggest</source>
            <translation>wie Format und Rezept vorschlagen</translation>
        </message>
        <message>
            <source>off</source>
            <translation>aus</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::GuideBar</name>
        <message>
            <source>Skip</source>
            <translation>Überspringen</translation>
        </message>
        <message>
            <source>End the guide</source>
            <translation>Führung beenden</translation>
        </message>
        <message>
            <source>Guide</source>
            <translation>Führung</translation>
        </message>
        <message>
            <source>Step of the guide</source>
            <translation>Schritt der Führung</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Was zu tun ist</translation>
        </message>
        <message>
            <source>Skip this step</source>
            <translation>Diesen Schritt überspringen</translation>
        </message>
        <message>
            <source>Step %1 of %2</source>
            <translation>Schritt %1 von %2</translation>
        </message>
        <message>
            <source>Each row is a layer: its format, where that comes from, and its size before and after. Select layers or a branch and press Ctrl+1 to Ctrl+9 to store them otherwise; Ctrl+Z takes it back. The totals are below.</source>
            <translation>Jede Zeile ist eine Schicht: ihr Format, woher es kommt, und ihre Größe vorher und nachher. Wählen Sie Schichten oder einen Zweig und drücken Sie Strg+1 bis Strg+9, um sie anders zu speichern; Strg+Z nimmt es zurück. Die Summen stehen unten.</translation>
        </message>
        <message>
            <source>Set all layers to NVFP4</source>
            <translation>Alle Schichten auf NVFP4 setzen</translation>
        </message>
        <message>
            <source>Better recipes want to know the inputs of the layers. Calibrating runs the model on a few prompts; select a layer meanwhile and watch its histogram, and drag the clip line.</source>
            <translation>Bessere Rezepte wollen die Eingaben der Schichten kennen. Das Kalibrieren lässt das Modell auf einigen Prompts laufen; wählen Sie dabei eine Schicht, sehen Sie ihr Histogramm an, und ziehen Sie die Linie.</translation>
        </message>
        <message>
            <source>Calibrate</source>
            <translation>Kalibrieren</translation>
        </message>
        <message>
            <source>Write the quantized file. It is read back and checked afterwards, and the plan is in it.</source>
            <translation>Schreiben Sie die quantisierte Datei. Sie wird danach zurückgelesen und geprüft, und der Plan steht in ihr.</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren…</translation>
        </message>
        <message>
            <source>See what became of the pictures: the original beside the export, where they differ, and how far. The panel “Export” says what was checked, “Will it load?” has the runtimes, “Budget” the best mix for a size; Ctrl+Shift+P finds everything.</source>
            <translation>Sehen Sie, was aus den Bildern wurde: das Original neben dem Export, wo sie sich unterscheiden und wie weit. Die Tafel „Export“ sagt, was geprüft wurde, „Lädt es?“ kennt die Laufzeiten, „Budget“ die beste Mischung für eine Größe; Strg+Umschalt+P findet alles.</translation>
        </message>
        <message>
            <source>Compare pictures</source>
            <translation>Bilder vergleichen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::HistogramPlot</name>
        <message>
            <source>Histogram of the layer&apos;s inputs</source>
            <translation>Histogramm der Eingaben der Schicht</translation>
        </message>
        <message>
            <source>Magnitude of the inputs</source>
            <translation>Betrag der Eingaben</translation>
        </message>
        <message>
            <source>Values</source>
            <translation>Werte</translation>
        </message>
        <message>
            <source>largest %1</source>
            <translation>größter %1</translation>
        </message>
        <message>
            <source>99.9 % %1</source>
            <translation>99.9 % %1</translation>
        </message>
        <message>
            <source>least error %1</source>
            <translation>kleinster Fehler %1</translation>
        </message>
        <message>
            <source>clip %1</source>
            <translation>Kappen %1</translation>
        </message>
        <message>
            <source>clip at the least error, %1</source>
            <translation>Kappen beim kleinsten Fehler, %1</translation>
        </message>
        <message>
            <source>Largest</source>
            <translation>Größter</translation>
        </message>
        <message>
            <source>clean → noisy</source>
            <translation>sauber → verrauscht</translation>
        </message>
        <message>
            <source>Drag the clip line, or move it with the arrow keys; where it ends becomes the layer&apos;s clip</source>
            <translation>Ziehen Sie die Linie, oder bewegen Sie sie mit den Pfeiltasten; wo sie endet, werden die Eingaben der Schicht abgeschnitten</translation>
        </message>
        <message>
            <source>Channels</source>
            <translation>Kanäle</translation>
        </message>
        <message>
            <source>99 %</source>
            <translation>99 %</translation>
        </message>
        <message>
            <source>99.99 % %1</source>
            <translation>99,99 % %1</translation>
        </message>
        <message>
            <source>clip of the plan %1</source>
            <translation>Schnitt des Plans %1</translation>
        </message>
        <message>
            <source>dotted: %1</source>
            <translation>gepunktet: %1</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::JobQueue</name>
        <message>
            <source>Stopped; what is finished was kept.</source>
            <translation>Angehalten; was fertig ist, blieb erhalten.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::JudgementPanel</name>
        <message>
            <source>this picture</source>
            <translation>dieses Bild</translation>
        </message>
        <message>
            <source>the variant</source>
            <translation>die Variante</translation>
        </message>
        <message>
            <source>Ratings and notes</source>
            <translation>Bewertungen und Notizen</translation>
        </message>
        <message>
            <source>Judgement about %1</source>
            <translation>Urteil über %1</translation>
        </message>
        <message>
            <source>Rating of %1</source>
            <translation>Bewertung: %1</translation>
        </message>
        <message>
            <source>Note about %1</source>
            <translation>Notiz: %1</translation>
        </message>
        <message>
            <source>no rating</source>
            <translation>keine Bewertung</translation>
        </message>
        <message>
            <source>useless</source>
            <translation>unbrauchbar</translation>
        </message>
        <message>
            <source>poor</source>
            <translation>schwach</translation>
        </message>
        <message>
            <source>usable</source>
            <translation>brauchbar</translation>
        </message>
        <message>
            <source>good</source>
            <translation>gut</translation>
        </message>
        <message>
            <source>as good as the baseline</source>
            <translation>so gut wie die Vergleichsbasis</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Choose a picture to rate it.</source>
            <translation>Wählen Sie ein Bild, um es zu bewerten.</translation>
        </message>
        <message>
            <source>No variant is chosen.</source>
            <translation>Keine Variante ist gewählt.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LayerFilter</name>
        <message>
            <source>Not a regular expression: %1.</source>
            <translation>Kein regulärer Ausdruck: %1.</translation>
        </message>
        <message>
            <source>“%1” is not a number; write for example %2:&gt;4096.</source>
            <translation>„%1“ ist keine Zahl; schreiben Sie zum Beispiel %2:&gt;4096.</translation>
        </message>
        <message>
            <source>There is no facet “%1:”; known are kind, dtype, fmt, from, block, shape, size and sens.</source>
            <translation>Es gibt keine Facette „%1:“; bekannt sind kind, dtype, fmt, from, block, shape, size und sens.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LayerTreeModel</name>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>yes</source>
            <translation>ja</translation>
        </message>
        <message>
            <source>4-bit</source>
            <translation>4 Bit</translation>
        </message>
        <message>
            <source>your rule</source>
            <translation>Ihre Regel</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s)</source>
            <translation>
                <numerusform>%n Schicht</numerusform>
                <numerusform>%n Schichten</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 × %2</source>
            <translation>%1 × %2</translation>
        </message>
        <message numerus="yes">
            <source>%n set here</source>
            <translation>
                <numerusform>%n hier gesetzt</numerusform>
                <numerusform>%n hier gesetzt</numerusform>
            </translation>
        </message>
        <message>
            <source>Kept by default: %1</source>
            <translation>Bleibt von sich aus: %1</translation>
        </message>
        <message>
            <source>Kept by default by 4-bit formats: %1</source>
            <translation>Bleibt bei 4-Bit-Formaten von sich aus: %1</translation>
        </message>
        <message>
            <source>Won over: %1</source>
            <translation>Siegte über: %1</translation>
        </message>
        <message>
            <source>%1 bytes before, %2 bytes after</source>
            <translation>%1 Byte vorher, %2 Byte nachher</translation>
        </message>
        <message>
            <source>Layers that lose the most; they stay as they are unless you say otherwise</source>
            <translation>Schichten, die am meisten verlieren; sie bleiben, wie sie sind, wenn Sie nichts anderes sagen</translation>
        </message>
        <message>
            <source>How the layer is stored in the file that was opened</source>
            <translation>Wie die Schicht in der geöffneten Datei gespeichert ist</translation>
        </message>
        <message>
            <source>How the layer will be stored</source>
            <translation>Wie die Schicht gespeichert wird</translation>
        </message>
        <message>
            <source>What decided: the base format, a rule, a guard, or you</source>
            <translation>Was entschied: das Grundformat, eine Regel, ein Schutz oder Sie</translation>
        </message>
        <message>
            <source>Bytes before and after, all tensors of the layer</source>
            <translation>Byte vorher und nachher, alle Tensoren der Schicht</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Critical</source>
            <translation>Kritisch</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>Shape</source>
            <translation>Form</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>From</source>
            <translation>Von</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Change</source>
            <translation>Änderung</translation>
        </message>
        <message>
            <source>≤ %1</source>
            <translation>≤ %1</translation>
        </message>
        <message>
            <source>Not measured; “Measure the layers” reads the weights and tries the formats</source>
            <translation>Nicht gemessen; „Schichten messen“ liest die Gewichte und probiert die Formate</translation>
        </message>
        <message>
            <source>Relative error of the weights:</source>
            <translation>Relativer Fehler der Gewichte:</translation>
        </message>
        <message>
            <source>Relative error at the layer&apos;s output:</source>
            <translation>Relativer Fehler an der Ausgabe der Schicht:</translation>
        </message>
        <message>
            <source>%1: %2, %3 dB</source>
            <translation>%1: %2, %3 dB</translation>
        </message>
        <message>
            <source>Relative error of the layer as it is planned; hover a cell for the other formats</source>
            <translation>Relativer Fehler der Schicht, wie sie geplant ist; über einer Zelle stehen die anderen Formate</translation>
        </message>
        <message>
            <source>The largest magnitude of the inputs that the runtime keeps, where the plan sets one</source>
            <translation>Der größte Betrag der Eingaben, den die Laufzeit behält, wo der Plan einen setzt</translation>
        </message>
        <message>
            <source>Your own words about the layer</source>
            <translation>Ihre eigenen Worte über die Schicht</translation>
        </message>
        <message>
            <source>Error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>Clip</source>
            <translation>Schnitt</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LayerTreeView</name>
        <message>
            <source>Layers</source>
            <translation>Schichten</translation>
        </message>
        <message>
            <source>Layers of the checkpoint as a tree, with the format that each will be stored in</source>
            <translation>Schichten der Modelldatei als Baum, mit dem Format, in dem jede gespeichert wird</translation>
        </message>
        <message>
            <source>Columns</source>
            <translation>Spalten</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LoadModel</name>
        <message>
            <source>native</source>
            <translation>nativ</translation>
        </message>
        <message>
            <source>emulated</source>
            <translation>emuliert</translation>
        </message>
        <message>
            <source>loads</source>
            <translation>lädt</translation>
        </message>
        <message>
            <source>not known</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>refused</source>
            <translation>verweigert</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>On %1 — %2.</source>
            <translation>Auf %1 — %2.</translation>
        </message>
        <message>
            <source>%1 on %2: %3</source>
            <translation>%1 auf %2: %3</translation>
        </message>
        <message>
            <source>Yours: %1</source>
            <translation>Ihre: %1</translation>
        </message>
        <message>
            <source>%1, %2, compute capability %3.%4</source>
            <translation>%1, %2, Compute Capability %3.%4</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>Choose your GPU, or read the column of its generation.</source>
            <translation>Wählen Sie Ihre GPU oder lesen Sie die Spalte ihrer Generation.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LoadPanel</name>
        <message>
            <source>Will it load?</source>
            <translation>Lädt es?</translation>
        </message>
        <message>
            <source>Your GPU</source>
            <translation>Ihre GPU</translation>
        </message>
        <message>
            <source>Adds a column for this GPU</source>
            <translation>Fügt eine Spalte für diese GPU hinzu</translation>
        </message>
        <message>
            <source>none chosen</source>
            <translation>keine gewählt</translation>
        </message>
        <message>
            <source>Summary</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <source>Reasons for the selected cell</source>
            <translation>Gründe für die gewählte Zelle</translation>
        </message>
        <message>
            <source>Runtimes and GPUs</source>
            <translation>Laufzeiten und GPUs</translation>
        </message>
        <message>
            <source>Your &amp;GPU</source>
            <translation>Ihre &amp;GPU</translation>
        </message>
        <message>
            <source>Select a cell to see the reasons, format by format.</source>
            <translation>Wählen Sie eine Zelle, um die Gründe zu sehen, Format für Format.</translation>
        </message>
        <message>
            <source>Size of the picture</source>
            <translation>Größe des Bildes</translation>
        </message>
        <message>
            <source>%1 × %1</source>
            <translation>%1 × %1</translation>
        </message>
        <message>
            <source>Pictures at once</source>
            <translation>Bilder auf einmal</translation>
        </message>
        <message>
            <source> at once</source>
            <translation> auf einmal</translation>
        </message>
        <message>
            <source>Memory of the GPU</source>
            <translation>Speicher der GPU</translation>
        </message>
        <message>
            <source>&amp;Memory for</source>
            <translation>&amp;Speicher für</translation>
        </message>
        <message>
            <source>about %1, between %2 and %3</source>
            <translation>etwa %1, zwischen %2 und %3</translation>
        </message>
        <message>
            <source>; fits %1 GB</source>
            <translation>; passt in %1 GB</translation>
        </message>
        <message>
            <source>; may fit %1 GB</source>
            <translation>; passt vielleicht in %1 GB</translation>
        </message>
        <message>
            <source>; does not fit %1 GB without being moved in parts</source>
            <translation>; passt nicht in %1 GB, ohne in Teilen bewegt zu werden</translation>
        </message>
        <message>
            <source>An estimate, weights exact, the rest within a factor of two: %1. What other programs hold comes on top.</source>
            <translation>Eine Schätzung, die Gewichte genau, der Rest bis auf den Faktor zwei: %1. Was andere Programme belegen, kommt hinzu.</translation>
        </message>
        <message>
            <source>What is free on the GPU now</source>
            <translation>Was auf der GPU jetzt frei ist</translation>
        </message>
        <message>
            <source>Free now on this machine's %1: %2 of %3. %4</source>
            <translation>Jetzt frei auf der %1 dieses Rechners: %2 von %3. %4</translation>
        </message>
        <message>
            <source>It fits beside what other programs hold.</source>
            <translation>Es passt neben das, was andere Programme belegen.</translation>
        </message>
        <message>
            <source>It may fit beside what other programs hold.</source>
            <translation>Es passt vielleicht neben das, was andere Programme belegen.</translation>
        </message>
        <message>
            <source>It does not fit beside what other programs hold.</source>
            <translation>Es passt nicht neben das, was andere Programme belegen.</translation>
        </message>
        <message>
            <source>What is free on this machine's GPU cannot be read.</source>
            <translation>Was auf der GPU dieses Rechners frei ist, lässt sich nicht lesen.</translation>
        </message>
        <message>
            <source>This machine shows no GPU, so what is free now is not known.</source>
            <translation>Dieser Rechner zeigt keine GPU; was jetzt frei ist, ist also nicht bekannt.</translation>
        </message>
        <message>
            <source>Choose your GPU to see what is free on it now.</source>
            <translation>Wählen Sie Ihre GPU, um zu sehen, was auf ihr jetzt frei ist.</translation>
        </message>
        <message>
            <source>This machine has no %1, so what is free on one now is not known.</source>
            <translation>Dieser Rechner hat keine %1; was auf einer jetzt frei ist, ist also nicht bekannt.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LogModel</name>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>Level</source>
            <translation>Stufe</translation>
        </message>
        <message>
            <source>Job</source>
            <translation>Auftrag</translation>
        </message>
        <message>
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::LogPanel</name>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Messages</source>
            <translation>Meldungen</translation>
        </message>
        <message>
            <source>Least level</source>
            <translation>Niedrigste Stufe</translation>
        </message>
        <message>
            <source>Everything</source>
            <translation>Alles</translation>
        </message>
        <message>
            <source>Messages and warnings</source>
            <translation>Meldungen und Warnungen</translation>
        </message>
        <message>
            <source>Warnings only</source>
            <translation>Nur Warnungen</translation>
        </message>
        <message>
            <source>Search the log</source>
            <translation>Protokoll durchsuchen</translation>
        </message>
        <message>
            <source>Search messages, jobs and layers</source>
            <translation>Meldungen, Aufträge und Schichten durchsuchen</translation>
        </message>
        <message>
            <source>Copy the selected messages, or all</source>
            <translation>Die gewählten Meldungen kopieren, oder alle</translation>
        </message>
        <message>
            <source>Empty the log</source>
            <translation>Das Protokoll leeren</translation>
        </message>
        <message>
            <source>Save…</source>
            <translation>Speichern…</translation>
        </message>
        <message>
            <source>Messages of which job</source>
            <translation>Meldungen welches Auftrags</translation>
        </message>
        <message>
            <source>All jobs</source>
            <translation>Alle Aufträge</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::MainWindow</name>
        <message>
            <source>Mantissa Studio</source>
            <translation>Mantissa Studio</translation>
        </message>
        <message>
            <source>Menu</source>
            <translation>Menü</translation>
        </message>
        <message>
            <source>Status</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Document</source>
            <translation>Dokument</translation>
        </message>
        <message>
            <source>Pages</source>
            <translation>Seiten</translation>
        </message>
        <message>
            <source>Opening</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Reading</source>
            <translation>Lesen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Cancel opening</source>
            <translation>Öffnen abbrechen</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>&amp;Panels</source>
            <translation>&amp;Bereiche</translation>
        </message>
        <message>
            <source>Show or hide the panel “%1”</source>
            <translation>Den Bereich „%1“ zeigen oder verbergen</translation>
        </message>
        <message>
            <source>Tools</source>
            <translation>Werkzeuge</translation>
        </message>
        <message>
            <source>Open</source>
            <translation>Öffnen</translation>
        </message>
        <message>
            <source>Save plan</source>
            <translation>Plan speichern</translation>
        </message>
        <message>
            <source>Undo</source>
            <translation>Rückgängig</translation>
        </message>
        <message>
            <source>Redo</source>
            <translation>Wiederholen</translation>
        </message>
        <message>
            <source>Set the format of the selected layers</source>
            <translation>Das Format der gewählten Schichten setzen</translation>
        </message>
        <message>
            <source>Set the format of the selected layers (Ctrl+1 to Ctrl+9)</source>
            <translation>Das Format der gewählten Schichten setzen (Strg+1 bis Strg+9)</translation>
        </message>
        <message>
            <source>Set format</source>
            <translation>Format setzen</translation>
        </message>
        <message>
            <source>Formats</source>
            <translation>Formate</translation>
        </message>
        <message>
            <source>Keep</source>
            <translation>Behalten</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>&amp;Tool bar</source>
            <translation>&amp;Werkzeugleiste</translation>
        </message>
        <message>
            <source>%1[*] — Mantissa Studio</source>
            <translation>%1[*] — Mantissa Studio</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) selected</source>
            <translation>
                <numerusform>%n Schicht gewählt</numerusform>
                <numerusform>%n Schichten gewählt</numerusform>
            </translation>
        </message>
        <message>
            <source>Close Mantissa Studio</source>
            <translation>Mantissa Studio schließen</translation>
        </message>
        <message>
            <source>A job is running. Closing stops it; what is finished is kept for resuming.</source>
            <translation>Ein Auftrag läuft. Schließen hält ihn an; was fertig ist, bleibt zum Fortsetzen.</translation>
        </message>
        <message>
            <source>The plan has changes that are not saved.</source>
            <translation>Der Plan hat Änderungen, die nicht gespeichert sind.</translation>
        </message>
        <message>
            <source>Stop and close</source>
            <translation>Anhalten und schließen</translation>
        </message>
        <message>
            <source>Close without saving</source>
            <translation>Schließen ohne zu speichern</translation>
        </message>
        <message>
            <source>Keep open</source>
            <translation>Offen lassen</translation>
        </message>
        <message>
            <source>Drop to open</source>
            <translation>Zum Öffnen ablegen</translation>
        </message>
        <message>
            <source>Open a checkpoint</source>
            <translation>Eine Modelldatei öffnen</translation>
        </message>
        <message>
            <source>Checkpoints and projects (%1 *.mantissa);;All files (*)</source>
            <translation>Modelldateien und Projekte (%1 *.mantissa);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Open a diffusers folder</source>
            <translation>Einen diffusers-Ordner öffnen</translation>
        </message>
        <message>
            <source>Open a plan</source>
            <translation>Einen Plan öffnen</translation>
        </message>
        <message>
            <source>Plans and exports (*.json *.safetensors);;All files (*)</source>
            <translation>Pläne und Exporte (*.json *.safetensors);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Open &amp;recent</source>
            <translation>&amp;Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>No files yet</source>
            <translation>Noch keine Dateien</translation>
        </message>
        <message>
            <source>&amp;Clear the list</source>
            <translation>Liste &amp;leeren</translation>
        </message>
        <message>
            <source>Save the plan</source>
            <translation>Den Plan speichern</translation>
        </message>
        <message>
            <source>Plans (*.json)</source>
            <translation>Pläne (*.json)</translation>
        </message>
        <message>
            <source>Opening %1…</source>
            <translation>%1 wird geöffnet…</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>&amp;Undo</source>
            <translation>&amp;Rückgängig</translation>
        </message>
        <message>
            <source>&amp;Redo</source>
            <translation>&amp;Wiederholen</translation>
        </message>
        <message>
            <source>Exported %1.</source>
            <translation>%1 exportiert.</translation>
        </message>
        <message>
            <source>%1 in %2.</source>
            <translation>%1 in %2.</translation>
        </message>
        <message>
            <source>Calibration</source>
            <translation>Kalibrierung</translation>
        </message>
        <message>
            <source>Will it load?</source>
            <translation>Lädt es?</translation>
        </message>
        <message>
            <source>Rules</source>
            <translation>Regeln</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>The recipe “%1” needs statistics of the model&apos;s inputs, and none are open.</source>
            <translation>Das Rezept „%1“ braucht Statistik der Eingaben des Modells, und keine ist geöffnet.</translation>
        </message>
        <message>
            <source>Calibrate on a few prompts below, or open statistics of this model; the recipe “fast” works without.</source>
            <translation>Kalibrieren Sie unten auf einigen Prompts oder öffnen Sie Statistik dieses Modells; das Rezept „fast“ kommt ohne aus.</translation>
        </message>
        <message>
            <source>Open statistics</source>
            <translation>Statistik öffnen</translation>
        </message>
        <message>
            <source>Statistics (*.safetensors);;All files (*)</source>
            <translation>Statistik (*.safetensors);;Alle Dateien (*)</translation>
        </message>
        <message numerus="yes">
            <source>Calibrated %n layer(s).</source>
            <translation>
                <numerusform>%n Schicht kalibriert.</numerusform>
                <numerusform>%n Schichten kalibriert.</numerusform>
            </translation>
        </message>
        <message>
            <source>The recipes light, balanced and best now use %1.</source>
            <translation>Die Rezepte light, balanced und best verwenden jetzt %1.</translation>
        </message>
        <message numerus="yes">
            <source>%n job(s) of the last session did not end.</source>
            <translation>
                <numerusform>%n Auftrag der letzten Sitzung ist nicht fertig geworden.</numerusform>
                <numerusform>%n Aufträge der letzten Sitzung sind nicht fertig geworden.</numerusform>
            </translation>
        </message>
        <message>
            <source>Finished layers and prompts are kept.</source>
            <translation>Fertige Schichten und Prompts sind erhalten.</translation>
        </message>
        <message>
            <source>Resume them</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Show the queue</source>
            <translation>Warteschlange zeigen</translation>
        </message>
        <message>
            <source>The queue is not kept: %1</source>
            <translation>Die Warteschlange wird nicht aufbewahrt: %1</translation>
        </message>
        <message>
            <source>Started: %1</source>
            <translation>Begonnen: %1</translation>
        </message>
        <message>
            <source>Done.</source>
            <translation>Fertig.</translation>
        </message>
        <message>
            <source>Stopped; what is finished was kept.</source>
            <translation>Angehalten; was fertig ist, blieb erhalten.</translation>
        </message>
        <message>
            <source>Failed.</source>
            <translation>Gescheitert.</translation>
        </message>
        <message>
            <source>Save the log</source>
            <translation>Das Protokoll speichern</translation>
        </message>
        <message>
            <source>Logs (*.log *.txt)</source>
            <translation>Protokolle (*.log *.txt)</translation>
        </message>
        <message>
            <source>Save the project</source>
            <translation>Das Projekt speichern</translation>
        </message>
        <message>
            <source>Projects of Mantissa (*.mantissa)</source>
            <translation>Projekte von Mantissa (*.mantissa)</translation>
        </message>
        <message>
            <source>Where is %1, which this file was made from?</source>
            <translation>Wo ist %1, woraus diese Datei entstand?</translation>
        </message>
        <message>
            <source>Mantissa %1 made this file from %2.</source>
            <translation>Mantissa %1 hat diese Datei aus %2 gemacht.</translation>
        </message>
        <message numerus="yes">
            <source>Base format %1, recipe %2, %n rule(s), the plan is in the file.</source>
            <translation>
                <numerusform>Grundformat %1, Rezept %2, %n Regel; der Plan steckt in der Datei.</numerusform>
                <numerusform>Grundformat %1, Rezept %2, %n Regeln; der Plan steckt in der Datei.</numerusform>
            </translation>
        </message>
        <message>
            <source>Continue from this plan…</source>
            <translation>Mit diesem Plan fortfahren…</translation>
        </message>
        <message numerus="yes">
            <source>%n minute(s) ago</source>
            <translation>
                <numerusform>vor %n Minute</numerusform>
                <numerusform>vor %n Minuten</numerusform>
            </translation>
        </message>
        <message>
            <source>The last session ended without closing; its plan for %1 was kept.</source>
            <translation>Die letzte Sitzung endete ohne zu schließen; ihr Plan für %1 wurde aufbewahrt.</translation>
        </message>
        <message>
            <source>Last change %1: base format %2, %3 rules, %4 layers set by hand.</source>
            <translation>Letzte Änderung %1: Grundformat %2, %3 Regeln, %4 Schichten von Hand gesetzt.</translation>
        </message>
        <message>
            <source>Restore</source>
            <translation>Wiederherstellen</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Saved the project as %1.</source>
            <translation>Das Projekt wurde als %1 gespeichert.</translation>
        </message>
        <message>
            <source>Budget</source>
            <translation>Budget</translation>
        </message>
        <message>
            <source>Folder for the report</source>
            <translation>Ordner für den Bericht</translation>
        </message>
        <message>
            <source>Writing the report…</source>
            <translation>Der Bericht wird geschrieben…</translation>
        </message>
        <message>
            <source>comparison</source>
            <translation>vergleich</translation>
        </message>
        <message>
            <source>Compare its pictures</source>
            <translation>Seine Bilder vergleichen</translation>
        </message>
        <message>
            <source>Ratings and notes are not kept: %1</source>
            <translation>Bewertungen und Notizen werden nicht behalten: %1</translation>
        </message>
        <message>
            <source>Wrote the report %1.</source>
            <translation>Der Bericht %1 ist geschrieben.</translation>
        </message>
        <message>
            <source>HTML, PDF, JSON and CSV in %1.</source>
            <translation>HTML, PDF, JSON und CSV in %1.</translation>
        </message>
        <message>
            <source>Open it</source>
            <translation>Öffnen</translation>
        </message>
        <message numerus="yes">
            <source>%n note(s) about the comparison.</source>
            <translation>
                <numerusform>%n Hinweis zum Vergleich.</numerusform>
                <numerusform>%n Hinweise zum Vergleich.</numerusform>
            </translation>
        </message>
        <message>
            <source>The file was written, but reading it back found problems; see the panel “Export”.</source>
            <translation>Die Datei wurde geschrieben, aber beim Zurücklesen fanden sich Probleme; siehe die Tafel „Export“.</translation>
        </message>
        <message>
            <source>Measuring every format on every layer…</source>
            <translation>Jedes Format wird in jeder Schicht gemessen…</translation>
        </message>
        <message>
            <source>Reads all weights once; the column “Error” and the details of a layer then show the results.</source>
            <translation>Liest alle Gewichte einmal; die Spalte „Fehler“ und die Einzelheiten einer Schicht zeigen dann die Ergebnisse.</translation>
        </message>
        <message>
            <source>Measuring layers: %1 %</source>
            <translation>Schichten werden gemessen: %1 %</translation>
        </message>
        <message numerus="yes">
            <source>Measured %n layer(s).</source>
            <translation>
                <numerusform>%n Schicht gemessen.</numerusform>
                <numerusform>%n Schichten gemessen.</numerusform>
            </translation>
        </message>
        <message>
            <source>The column “Error” has the relative errors at the layers&apos; outputs, from the statistics that are open. Click its head to rank the layers; “sens:&gt;5%” finds hot spots.</source>
            <translation>Die Spalte „Fehler“ zeigt die relativen Fehler an den Ausgaben der Schichten, aus der offenen Statistik. Ein Klick auf ihren Kopf ordnet die Schichten; „sens:&gt;5%“ findet Brennpunkte.</translation>
        </message>
        <message>
            <source>The column “Error” has the relative errors of the weights, all elements counted. Click its head to rank the layers; “sens:&gt;5%” finds hot spots; statistics give errors at the outputs.</source>
            <translation>Die Spalte „Fehler“ zeigt die relativen Fehler der Gewichte, über alle Elemente. Ein Klick auf ihren Kopf ordnet die Schichten; „sens:&gt;5%“ findet Brennpunkte; Statistiken geben Fehler an den Ausgaben.</translation>
        </message>
        <message>
            <source>The command line of this export is on the clipboard.</source>
            <translation>Die Befehlszeile dieses Exports liegt in der Zwischenablage.</translation>
        </message>
        <message>
            <source>Apply preset %1</source>
            <translation>Vorlage %1 anwenden</translation>
        </message>
        <message>
            <source>Compare with</source>
            <translation>Vergleichen mit</translation>
        </message>
        <message>
            <source>Rule “%1”: %2</source>
            <translation>Regel „%1“: %2</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n other layer(s): %2</source>
            <translation>
                <numerusform>%1 und %n andere Schicht: %2</numerusform>
                <numerusform>%1 und %n andere Schichten: %2</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n note(s)</source>
            <translation>
                <numerusform>%n Notiz</numerusform>
                <numerusform>%n Notizen</numerusform>
            </translation>
        </message>
        <message>
            <source>No rules or layers were set by hand.</source>
            <translation>Keine Regeln oder Schichten wurden von Hand gesetzt.</translation>
        </message>
        <message numerus="yes">
            <source>and %n more</source>
            <translation>
                <numerusform>und %n weitere</numerusform>
                <numerusform>und %n weitere</numerusform>
            </translation>
        </message>
        <message>
            <source>What the kept plan sets</source>
            <translation>Was der aufgehobene Plan setzt</translation>
        </message>
        <message>
            <source>What was set?</source>
            <translation>Was war gesetzt?</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Was zu tun ist</translation>
        </message>
        <message>
            <source>activations</source>
            <translation>aktivierungen</translation>
        </message>
        <message>
            <source>budget</source>
            <translation>budget</translation>
        </message>
        <message>
            <source>The middle button opens a file in a new window</source>
            <translation>Die mittlere Taste öffnet eine Datei in einem neuen Fenster</translation>
        </message>
        <message>
            <source>Paused: %1</source>
            <translation>Angehalten: %1</translation>
        </message>
        <message>
            <source>What is finished is kept. The job waits in the queue until you choose how it goes on.</source>
            <translation>Was fertig ist, bleibt erhalten. Der Auftrag wartet in der Warteschlange, bis Sie wählen, wie es weitergeht.</translation>
        </message>
        <message>
            <source>Save as safetensors</source>
            <translation>Als safetensors speichern</translation>
        </message>
        <message>
            <source>Safetensors (*.safetensors)</source>
            <translation>Safetensors (*.safetensors)</translation>
        </message>
        <message>
            <source>Saved %1.</source>
            <translation>%1 gespeichert.</translation>
        </message>
        <message>
            <source>In %1.</source>
            <translation>In %1.</translation>
        </message>
        <message>
            <source>The picture is on the clipboard.</source>
            <translation>Das Bild ist in der Zwischenablage.</translation>
        </message>
        <message>
            <source>It holds the plain tensors and cannot run anything. The log says what was left out.</source>
            <translation>Sie enthält die einfachen Tensoren und kann nichts ausführen. Das Protokoll sagt, was weggelassen wurde.</translation>
        </message>
        <message>
            <source>Mantissa crashed on %1; a report was kept.</source>
            <translation>Mantissa ist am %1 abgestürzt; ein Bericht wurde aufgehoben.</translation>
        </message>
        <message>
            <source>It stays on this machine, and nothing is sent. Help &gt; Crash reports has it later, too.</source>
            <translation>Er bleibt auf diesem Rechner, nichts wird gesendet. Unter Hilfe &gt; Absturzberichte findet er sich auch später.</translation>
        </message>
        <message>
            <source>Show</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copied</source>
            <translation>Kopiert</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>A new window cannot be opened.</source>
            <translation>Ein neues Fenster lässt sich nicht öffnen.</translation>
        </message>
        <message>
            <source>The program %1 could not be started.</source>
            <translation>Das Programm %1 konnte nicht gestartet werden.</translation>
        </message>
        <message>
            <source>Open in a new window</source>
            <translation>In neuem Fenster öffnen</translation>
        </message>
        <message>
            <source>Paused.</source>
            <translation>Angehalten.</translation>
        </message>
        <message>
            <source>This job has no log any more.</source>
            <translation>Dieser Auftrag hat kein Protokoll mehr.</translation>
        </message>
        <message>
            <source>Only the logs of the newest jobs are kept.</source>
            <translation>Nur die Protokolle der neuesten Aufträge werden aufgehoben.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::MessageBar</name>
        <message>
            <source>Message</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>What to do</source>
            <translation>Was zu tun ist</translation>
        </message>
        <message>
            <source>Kind of message</source>
            <translation>Art der Meldung</translation>
        </message>
        <message>
            <source>Close the message</source>
            <translation>Die Meldung schließen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::Metrics</name>
        <message>
            <source>Lower is closer.</source>
            <translation>Kleiner ist näher.</translation>
        </message>
        <message>
            <source>Higher is closer.</source>
            <translation>Größer ist näher.</translation>
        </message>
        <message>
            <source>not defined</source>
            <translation>nicht definiert</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::NoteDialog</name>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Note on the layer</source>
            <translation>Notiz zur Schicht</translation>
        </message>
        <message>
            <source>Why it is stored so, what was tried… Saved with the plan and its exports.</source>
            <translation>Warum sie so gespeichert wird, was versucht wurde… Wird mit dem Plan und seinen Exporten gespeichert.</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>&amp;Save note</source>
            <translation>Notiz &amp;speichern</translation>
        </message>
        <message>
            <source>Save note</source>
            <translation>Notiz speichern</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::OpenPresenter</name>
        <message>
            <source>the sample</source>
            <translation>das Beispiel</translation>
        </message>
        <message>
            <source>%1 is not the file that the project was made with: its tensors differ. Look at the findings before you export.</source>
            <translation>%1 ist nicht die Datei, mit der das Projekt gemacht wurde: Ihre Tensoren sind andere. Sehen Sie sich vor dem Export die Befunde an.</translation>
        </message>
        <message>
            <source>Open a checkpoint first; a plan says what to do with one.</source>
            <translation>Öffnen Sie zuerst eine Modelldatei; ein Plan sagt, was mit ihr zu tun ist.</translation>
        </message>
        <message>
            <source>This plan was made for %1, the open file is %2. Look at the findings before you export.</source>
            <translation>Dieser Plan wurde für %1 gemacht, die offene Datei ist %2. Sehen Sie sich vor dem Export die Befunde an.</translation>
        </message>
        <message>
            <source>Load plan %1</source>
            <translation>Plan %1 laden</translation>
        </message>
        <message>
            <source>Saved the plan as %1.</source>
            <translation>Der Plan wurde als %1 gespeichert.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PairTableModel</name>
        <message>
            <source>marked as bad</source>
            <translation>als schlecht gekennzeichnet</translation>
        </message>
        <message>
            <source>%1 of 5</source>
            <translation>%1 von 5</translation>
        </message>
        <message>
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Startwert</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>Bewertung</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PictureGridModel</name>
        <message>
            <source>Seed %1</source>
            <translation>Startwert %1</translation>
        </message>
        <message>
            <source>Picture</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>FLIP %1</source>
            <translation>FLIP %1</translation>
        </message>
        <message>
            <source>being made</source>
            <translation>wird erzeugt</translation>
        </message>
        <message>
            <source>waiting</source>
            <translation>wartet</translation>
        </message>
        <message>
            <source>%1, %2: %3</source>
            <translation>%1, %2: %3</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PictureSaver</name>
        <message>
            <source>No picture and no plot is seen now</source>
            <translation>Gerade ist weder ein Bild noch ein Diagramm zu sehen</translation>
        </message>
        <message>
            <source>compare pictures, calibrate, or measure for a budget</source>
            <translation>Bilder vergleichen, kalibrieren oder für ein Budget messen</translation>
        </message>
        <message>
            <source>Copy as picture</source>
            <translation>Als Bild kopieren</translation>
        </message>
        <message>
            <source>Save as picture…</source>
            <translation>Als Bild speichern…</translation>
        </message>
        <message>
            <source>Save as picture</source>
            <translation>Als Bild speichern</translation>
        </message>
        <message>
            <source>PNG (*.png);;SVG (*.svg);;PDF (*.pdf)</source>
            <translation>PNG (*.png);;SVG (*.svg);;PDF (*.pdf)</translation>
        </message>
        <message>
            <source>Pictures are not saved as “.%1”</source>
            <translation>Bilder werden nicht als „.%1“ gespeichert</translation>
        </message>
        <message>
            <source>end the name with .png, .svg or .pdf</source>
            <translation>der Name muss auf .png, .svg oder .pdf enden</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PictureViewport</name>
        <message>
            <source>Pictures under comparison</source>
            <translation>Verglichene Bilder</translation>
        </message>
        <message>
            <source>A has %1 × %2 pixels and B %3 × %4: no difference is defined, and scaling one would measure the scaling.</source>
            <translation>A hat %1 × %2 Pixel und B %3 × %4: Ein Unterschied ist nicht definiert, und eines zu skalieren hieße, die Skalierung zu messen.</translation>
        </message>
        <message>
            <source>Measuring the difference…</source>
            <translation>Der Unterschied wird gemessen…</translation>
        </message>
        <message>
            <source>Split at %1 % from the left</source>
            <translation>Geteilt bei %1 % von links</translation>
        </message>
        <message>
            <source>Split at %1 % from the top</source>
            <translation>Geteilt bei %1 % von oben</translation>
        </message>
        <message>
            <source>Side by side</source>
            <translation>Nebeneinander</translation>
        </message>
        <message>
            <source>B is shown while Space is held</source>
            <translation>B ist zu sehen, solange die Leertaste gehalten wird</translation>
        </message>
        <message>
            <source>A is shown; hold Space for B</source>
            <translation>A ist zu sehen; Leertaste halten für B</translation>
        </message>
        <message>
            <source>B laid over A with %1 %</source>
            <translation>B mit %1 % über A gelegt</translation>
        </message>
        <message>
            <source>The pictures are equal: the difference is zero everywhere</source>
            <translation>Die Bilder sind gleich: Der Unterschied ist überall null</translation>
        </message>
        <message>
            <source>%1. %2. Zoom %3 %.</source>
            <translation>%1. %2. Vergrößerung %3 %.</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>Difference %1, %2 times</source>
            <translation>Unterschied %1, %2-fach</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PlanBar</name>
        <message>
            <source>Preset</source>
            <translation>Vorlage</translation>
        </message>
        <message>
            <source>Rules made for one model family: which layers stay as they are</source>
            <translation>Regeln für eine Modellfamilie: welche Schichten bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>Base format</source>
            <translation>Grundformat</translation>
        </message>
        <message>
            <source>For every layer that nothing else decides about</source>
            <translation>Für jede Schicht, über die nichts anderes entscheidet</translation>
        </message>
        <message>
            <source>Recipe</source>
            <translation>Rezept</translation>
        </message>
        <message>
            <source>How codes and scales are chosen</source>
            <translation>Wie Codes und Skalen gewählt werden</translation>
        </message>
        <message>
            <source>Other tensors</source>
            <translation>Andere Tensoren</translation>
        </message>
        <message>
            <source>How floating-point tensors that are not quantized are stored</source>
            <translation>Wie Gleitkommatensoren gespeichert werden, die nicht quantisiert sind</translation>
        </message>
        <message>
            <source>Preserve critical layers</source>
            <translation>Kritische Schichten erhalten</translation>
        </message>
        <message>
            <source>Plan</source>
            <translation>Plan</translation>
        </message>
        <message>
            <source>Keep as it is</source>
            <translation>Lassen, wie es ist</translation>
        </message>
        <message>
            <source>Needs the statistics of a calibration.</source>
            <translation>Braucht die Statistik einer Kalibrierung.</translation>
        </message>
        <message>
            <source>absmax: plain rounding</source>
            <translation>absmax: einfaches Runden</translation>
        </message>
        <message>
            <source>One scale from the largest value; what simple tools do.</source>
            <translation>Eine Skala aus dem größten Wert; was einfache Werkzeuge tun.</translation>
        </message>
        <message>
            <source>fast: best without data</source>
            <translation>fast: das Beste ohne Daten</translation>
        </message>
        <message>
            <source>Scales and codes with the least error of the weights.</source>
            <translation>Skalen und Codes mit dem kleinsten Fehler der Gewichte.</translation>
        </message>
        <message>
            <source>light: calibrated scales</source>
            <translation>light: kalibrierte Skalen</translation>
        </message>
        <message>
            <source>Scales weighted by the inputs, corrected biases. %1</source>
            <translation>Nach den Eingaben gewichtete Skalen, berichtigte Bias. %1</translation>
        </message>
        <message>
            <source>balanced: GPTQ</source>
            <translation>balanced: GPTQ</translation>
        </message>
        <message>
            <source>Codes with the least error at the outputs. %1</source>
            <translation>Codes mit dem kleinsten Fehler an den Ausgängen. %1</translation>
        </message>
        <message>
            <source>best: GPTQ and polish</source>
            <translation>best: GPTQ mit Feinschliff</translation>
        </message>
        <message>
            <source>The same with smoothing and descent; takes the longest. %1</source>
            <translation>Dasselbe mit Glättung und Abstieg; dauert am längsten. %1</translation>
        </message>
        <message>
            <source>keep</source>
            <translation>behalten</translation>
        </message>
        <message>
            <source>Options of the base format</source>
            <translation>Optionen des Grundformats</translation>
        </message>
        <message>
            <source>Keep the layers that lose the most, such as embedders and output heads</source>
            <translation>Die Schichten behalten, die am meisten verlieren, etwa Einbetter und Ausgabeköpfe</translation>
        </message>
        <message>
            <source>Components to quantize</source>
            <translation>Zu quantisierende Bestandteile</translation>
        </message>
        <message>
            <source>Which parts of the file the plan quantizes</source>
            <translation>Welche Teile der Datei der Plan quantisiert</translation>
        </message>
        <message>
            <source>Who loads the base format</source>
            <translation>Wer das Grundformat lädt</translation>
        </message>
        <message>
            <source>&amp;Base format</source>
            <translation>&amp;Grundformat</translation>
        </message>
        <message>
            <source>Pr&amp;eset</source>
            <translation>&amp;Vorlage</translation>
        </message>
        <message>
            <source>Re&amp;cipe</source>
            <translation>&amp;Rezept</translation>
        </message>
        <message>
            <source>&amp;Other tensors</source>
            <translation>And&amp;ere Tensoren</translation>
        </message>
        <message>
            <source>Quanti&amp;ze</source>
            <translation>&amp;Quantisiere</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keine</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>nichts</translation>
        </message>
        <message numerus="yes">
            <source>%n part(s)</source>
            <translation>
                <numerusform>%n Teil</numerusform>
                <numerusform>%n Teile</numerusform>
            </translation>
        </message>
        <message>
            <source>Layers stay as they are unless set</source>
            <translation>Schichten bleiben, wie sie sind, wenn nichts gesetzt ist</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PlanEditor</name>
        <message>
            <source>There is no format “%1”.</source>
            <translation>Das Format „%1“ gibt es nicht.</translation>
        </message>
        <message>
            <source>%1 stores the weights of linear layers, not those of kind %2.</source>
            <translation>%1 speichert die Gewichte linearer Schichten, nicht die der Art %2.</translation>
        </message>
        <message>
            <source>Other components are left alone; choose them under “Quantize” above.</source>
            <translation>Andere Bestandteile bleiben, wie sie sind; wählen Sie sie oben unter „Quantisiere“.</translation>
        </message>
        <message numerus="yes">
            <source>All %n layer(s) here that could take it are critical; select them themselves to set them.</source>
            <translation>
                <numerusform>Die einzige Schicht (%n), die es hier aufnehmen könnte, ist kritisch; wählen Sie sie selbst, um sie zu setzen.</numerusform>
                <numerusform>Alle %n Schichten, die es hier aufnehmen könnten, sind kritisch; wählen Sie sie selbst, um sie zu setzen.</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing to set here. %1</source>
            <translation>Hier gibt es nichts zu setzen. %1</translation>
        </message>
        <message numerus="yes">
            <source>Set %n layer(s) to %1</source>
            <translation>
                <numerusform>%n Schicht auf %1 setzen</numerusform>
                <numerusform>%n Schichten auf %1 setzen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) stay as they are. %1</source>
            <translation>
                <numerusform>%n Schicht bleibt, wie sie ist. %1</numerusform>
                <numerusform>%n Schichten bleiben, wie sie sind. %1</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n critical layer(s) below stay as they are; select them themselves to set them.</source>
            <translation>
                <numerusform>%n kritische Schicht darunter bleibt, wie sie ist; wählen Sie sie selbst, um sie zu setzen.</numerusform>
                <numerusform>%n kritische Schichten darunter bleiben, wie sie sind; wählen Sie sie selbst, um sie zu setzen.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Keep %n layer(s)</source>
            <translation>
                <numerusform>%n Schicht behalten</numerusform>
                <numerusform>%n Schichten behalten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Clear what is set on %n layer(s)</source>
            <translation>
                <numerusform>An %n Schicht Gesetztes löschen</numerusform>
                <numerusform>An %n Schichten Gesetztes löschen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>A rule of yours about more than these layers still decides about %n of them; change it in the list of rules.</source>
            <translation>
                <numerusform>Eine Ihrer Regeln über mehr als diese Schichten entscheidet noch über %n davon; ändern Sie sie in der Liste der Regeln.</numerusform>
                <numerusform>Eine Ihrer Regeln über mehr als diese Schichten entscheidet noch über %n davon; ändern Sie sie in der Liste der Regeln.</numerusform>
            </translation>
        </message>
        <message>
            <source>Nothing is set on these layers; their format comes from the base format, rules or guards.</source>
            <translation>An diesen Schichten ist nichts gesetzt; ihr Format kommt vom Grundformat, von Regeln oder vom Schutz.</translation>
        </message>
        <message>
            <source>Clear everything set by hand</source>
            <translation>Alles von Hand Gesetzte löschen</translation>
        </message>
        <message>
            <source>Add rule %1</source>
            <translation>Regel %1 hinzufügen</translation>
        </message>
        <message>
            <source>Change rule %1</source>
            <translation>Regel %1 ändern</translation>
        </message>
        <message>
            <source>Remove rule %1</source>
            <translation>Regel %1 entfernen</translation>
        </message>
        <message>
            <source>Move rule %1</source>
            <translation>Regel %1 verschieben</translation>
        </message>
        <message>
            <source>Keep all layers by default</source>
            <translation>Von sich aus alle Schichten behalten</translation>
        </message>
        <message>
            <source>Set base format to %1</source>
            <translation>Grundformat auf %1 setzen</translation>
        </message>
        <message>
            <source>Set recipe to %1</source>
            <translation>Rezept auf %1 setzen</translation>
        </message>
        <message>
            <source>Store other tensors as %1</source>
            <translation>Andere Tensoren als %1 speichern</translation>
        </message>
        <message>
            <source>Preserve critical layers</source>
            <translation>Kritische Schichten erhalten</translation>
        </message>
        <message>
            <source>Quantize critical layers too</source>
            <translation>Auch kritische Schichten quantisieren</translation>
        </message>
        <message>
            <source>One component at least has to be quantized; set the base format to keep instead.</source>
            <translation>Mindestens ein Bestandteil muss quantisiert werden; setzen Sie sonst das Grundformat auf behalten.</translation>
        </message>
        <message>
            <source>Quantize %1</source>
            <translation>%1 quantisieren</translation>
        </message>
        <message>
            <source>There is no preset “%1”.</source>
            <translation>Die Vorlage „%1“ gibt es nicht.</translation>
        </message>
        <message>
            <source>Apply preset %1</source>
            <translation>Vorlage %1 anwenden</translation>
        </message>
        <message>
            <source>Remove the preset&apos;s rules</source>
            <translation>Die Regeln der Vorlage entfernen</translation>
        </message>
        <message>
            <source>Mend: %1</source>
            <translation>Beheben: %1</translation>
        </message>
        <message>
            <source>This layer is kept as it is, so there is nothing to clip.</source>
            <translation>Diese Schicht bleibt, wie sie ist; es gibt nichts abzuschneiden.</translation>
        </message>
        <message>
            <source>%1 has no place for a clip: its runtimes scale inputs as they come. FP8 and NVFP4 store one.</source>
            <translation>%1 hat keinen Platz für einen Schnitt: Seine Laufzeiten skalieren Eingaben, wie sie kommen. FP8 und NVFP4 speichern einen.</translation>
        </message>
        <message>
            <source>Clip the inputs of %1 at %2</source>
            <translation>Eingaben von %1 bei %2 abschneiden</translation>
        </message>
        <message>
            <source>Let the runtime scale the inputs of %1</source>
            <translation>Die Laufzeit die Eingaben von %1 skalieren lassen</translation>
        </message>
        <message>
            <source>Remove the note on %1</source>
            <translation>Notiz zu %1 entfernen</translation>
        </message>
        <message>
            <source>Write a note on %1</source>
            <translation>Notiz zu %1 schreiben</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PlanPage</name>
        <message>
            <source>Plan</source>
            <translation>Plan</translation>
        </message>
        <message>
            <source>No layers to show</source>
            <translation>Keine Schichten zu zeigen</translation>
        </message>
        <message>
            <source>Search</source>
            <translation>Suche</translation>
        </message>
        <message>
            <source>Search layers</source>
            <translation>Schichten suchen</translation>
        </message>
        <message>
            <source>Search layers: attn2  *.to_q  /blocks\.1\d/  kind:linear  fmt:nvfp4  critical</source>
            <translation>Schichten suchen: attn2  *.to_q  /blocks\.1\d/  kind:linear  fmt:nvfp4  critical</translation>
        </message>
        <message>
            <source>Layers found</source>
            <translation>Gefundene Schichten</translation>
        </message>
        <message>
            <source>Add a facet to the search</source>
            <translation>Der Suche eine Facette hinzufügen</translation>
        </message>
        <message>
            <source>Facets</source>
            <translation>Facetten</translation>
        </message>
        <message>
            <source>Linear layers</source>
            <translation>Lineare Schichten</translation>
        </message>
        <message>
            <source>Convolutions</source>
            <translation>Faltungen</translation>
        </message>
        <message>
            <source>Critical layers</source>
            <translation>Kritische Schichten</translation>
        </message>
        <message>
            <source>Quantized layers</source>
            <translation>Quantisierte Schichten</translation>
        </message>
        <message>
            <source>Kept layers</source>
            <translation>Behaltene Schichten</translation>
        </message>
        <message>
            <source>Set by you</source>
            <translation>Von Ihnen gesetzt</translation>
        </message>
        <message>
            <source>Forced by a guard</source>
            <translation>Vom Schutz erzwungen</translation>
        </message>
        <message>
            <source>A dimension above 2048</source>
            <translation>Eine Dimension über 2048</translation>
        </message>
        <message>
            <source>Larger than 10 MB</source>
            <translation>Größer als 10 MB</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s)</source>
            <translation>
                <numerusform>%n Schicht</numerusform>
                <numerusform>%n Schichten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) found</source>
            <translation>
                <numerusform>%n Schicht gefunden</numerusform>
                <numerusform>%n Schichten gefunden</numerusform>
            </translation>
        </message>
        <message>
            <source>This file holds no tensors.</source>
            <translation>Diese Datei enthält keine Tensoren.</translation>
        </message>
        <message>
            <source>No layer matches “%1”. Press Ctrl+Shift+F to show all layers.</source>
            <translation>Keine Schicht passt zu „%1“. Strg+Umschalt+F zeigt alle Schichten.</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message numerus="yes">
            <source>For %n selected layer(s)</source>
            <translation>
                <numerusform>Für %n gewählte Schicht</numerusform>
                <numerusform>Für %n gewählte Schichten</numerusform>
            </translation>
        </message>
        <message>
            <source>For all layers that nothing else decides about</source>
            <translation>Für alle Schichten, über die nichts anderes entscheidet</translation>
        </message>
        <message>
            <source>Text, a pattern with * and ?, a regular expression between slashes, and facets: kind: dtype: fmt: from: block: shape:&gt;4096 size:&gt;10MB sens:&gt;2% critical changed noted quantized kept. A minus in front turns a word round.</source>
            <translation>Text, ein Muster mit * und ?, ein regulärer Ausdruck zwischen Schrägstrichen, und Facetten: kind: dtype: fmt: from: block: shape:&gt;4096 size:&gt;10MB sens:&gt;2% critical changed noted quantized kept. Ein Minus davor kehrt ein Wort um.</translation>
        </message>
        <message>
            <source>An error above 5 %</source>
            <translation>Ein Fehler über 5 %</translation>
        </message>
        <message>
            <source>With a note</source>
            <translation>Mit einer Notiz</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PlanPreviewList</name>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>Then</source>
            <translation>Dann</translation>
        </message>
        <message>
            <source>No layer would be stored differently.</source>
            <translation>Keine Schicht würde anders gespeichert.</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) would be stored differently; all layers together take %1 instead of %2.</source>
            <translation>
                <numerusform>%n Schicht würde anders gespeichert; alle Schichten zusammen brauchen %1 statt %2.</numerusform>
                <numerusform>%n Schichten würden anders gespeichert; alle Schichten zusammen brauchen %1 statt %2.</numerusform>
            </translation>
        </message>
        <message>
            <source>and %1 more</source>
            <translation>und %1 weitere</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PresetsDialog</name>
        <message>
            <source>Presets</source>
            <translation>Vorlagen</translation>
        </message>
        <message>
            <source>What the preset is for</source>
            <translation>Wozu die Vorlage dient</translation>
        </message>
        <message>
            <source>What the preset would change</source>
            <translation>Was die Vorlage ändern würde</translation>
        </message>
        <message>
            <source>Layers that the preset would change</source>
            <translation>Schichten, die die Vorlage ändern würde</translation>
        </message>
        <message>
            <source>Name for the present plan</source>
            <translation>Name für den jetzigen Plan</translation>
        </message>
        <message>
            <source>&amp;Save</source>
            <translation>&amp;Speichern</translation>
        </message>
        <message>
            <source>Save the present plan as a preset</source>
            <translation>Den jetzigen Plan als Vorlage speichern</translation>
        </message>
        <message>
            <source>&amp;Remove</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <source>Remove this preset of yours</source>
            <translation>Diese eigene Vorlage entfernen</translation>
        </message>
        <message>
            <source>&amp;Export…</source>
            <translation>E&amp;xportieren…</translation>
        </message>
        <message>
            <source>Write this preset into a file</source>
            <translation>Diese Vorlage in eine Datei schreiben</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>&amp;Apply preset</source>
            <translation>Vorlage &amp;anwenden</translation>
        </message>
        <message>
            <source>Apply preset</source>
            <translation>Vorlage anwenden</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>&amp;Presets for this model</source>
            <translation>&amp;Vorlagen für dieses Modell</translation>
        </message>
        <message>
            <source>&amp;Import…</source>
            <translation>&amp;Importieren…</translation>
        </message>
        <message>
            <source>Take a preset or plan from a file</source>
            <translation>Eine Vorlage oder einen Plan aus einer Datei nehmen</translation>
        </message>
        <message>
            <source>%1 (yours)</source>
            <translation>%1 (eigene)</translation>
        </message>
        <message>
            <source>A preset of yours. Rules that you wrote stay, and stay stronger.</source>
            <translation>Eine eigene Vorlage. Regeln, die Sie geschrieben haben, bleiben, und bleiben stärker.</translation>
        </message>
        <message>
            <source>Saved “%1”.</source>
            <translation>„%1“ gespeichert.</translation>
        </message>
        <message>
            <source>Removed “%1”.</source>
            <translation>„%1“ entfernt.</translation>
        </message>
        <message>
            <source>Import a preset</source>
            <translation>Eine Vorlage importieren</translation>
        </message>
        <message>
            <source>Presets, plans and layer configs (*.json);;All files (*)</source>
            <translation>Vorlagen, Pläne und Layer-Konfigurationen (*.json);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Imported “%1”.</source>
            <translation>„%1“ importiert.</translation>
        </message>
        <message>
            <source>Export the preset</source>
            <translation>Die Vorlage exportieren</translation>
        </message>
        <message>
            <source>Presets (*.json)</source>
            <translation>Vorlagen (*.json)</translation>
        </message>
        <message>
            <source>Written to %1.</source>
            <translation>Nach %1 geschrieben.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PromotionPanel</name>
        <message>
            <source>What is proposed</source>
            <translation>Was vorgeschlagen wird</translation>
        </message>
        <message>
            <source>Layers that contribute most</source>
            <translation>Schichten, die am meisten beitragen</translation>
        </message>
        <message>
            <source>Find the layers</source>
            <translation>Schichten finden</translation>
        </message>
        <message>
            <source>Promote</source>
            <translation>Besser speichern</translation>
        </message>
        <message>
            <source>Promote the proposed layers</source>
            <translation>Die vorgeschlagenen Schichten besser speichern</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Stop measuring</source>
            <translation>Messung anhalten</translation>
        </message>
        <message>
            <source>Progress of the measurement</source>
            <translation>Fortschritt der Messung</translation>
        </message>
        <message>
            <source>From the picture back to the plan</source>
            <translation>Vom Bild zurück zum Plan</translation>
        </message>
        <message>
            <source>Layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Jetzt</translation>
        </message>
        <message>
            <source>Share of the error</source>
            <translation>Anteil am Fehler</translation>
        </message>
        <message>
            <source>Better as</source>
            <translation>Besser als</translation>
        </message>
        <message>
            <source>Adds</source>
            <translation>Mehr</translation>
        </message>
        <message>
            <source>One step of the plan; undo takes it back</source>
            <translation>Ein Schritt des Plans; Rückgängig nimmt ihn zurück</translation>
        </message>
        <message>
            <source>Measuring what each layer does to this picture…</source>
            <translation>Es wird gemessen, was jede Schicht mit diesem Bild macht…</translation>
        </message>
        <message>
            <source>Stopped.</source>
            <translation>Angehalten.</translation>
        </message>
        <message>
            <source>The plan has changed; make the pictures again to see what it does now.</source>
            <translation>Der Plan hat sich geändert; erzeugen Sie die Bilder neu, um zu sehen, was er jetzt bewirkt.</translation>
        </message>
        <message>
            <source>For the picture that is shown: which layers of the plan contribute most to its error, and which few to store better.</source>
            <translation>Für das gezeigte Bild: welche Schichten des Plans am meisten zu seinem Fehler beitragen, und welche wenigen besser gespeichert werden sollten.</translation>
        </message>
        <message>
            <source>as it is</source>
            <translation>wie sie ist</translation>
        </message>
        <message>
            <source>No layer can be stored better than it is.</source>
            <translation>Keine Schicht lässt sich besser speichern, als sie ist.</translation>
        </message>
        <message>
            <source>Judged by the weights alone, which are the same for every prompt: the network is too large to be probed.</source>
            <translation>Nur nach den Gewichten beurteilt, die für jeden Prompt dieselben sind: Das Netz ist zu groß, um es durchzumessen.</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) stored better take away about %1 of the error and add %2 to the file (%3 in all). %4</source>
            <translation>
                <numerusform>%n besser gespeicherte Schicht nimmt etwa %1 des Fehlers weg und macht die Datei um %2 größer (insgesamt %3). %4</numerusform>
                <numerusform>%n besser gespeicherte Schichten nehmen etwa %1 des Fehlers weg und machen die Datei um %2 größer (insgesamt %3). %4</numerusform>
            </translation>
        </message>
        <message>
            <source>Measured for the plan as it is now, with this prompt and seed.</source>
            <translation>Gemessen für den Plan, wie er jetzt ist, mit diesem Prompt und Startwert.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PromotionPresenter</name>
        <message numerus="yes">
            <source>Promote %n layer(s)</source>
            <translation>
                <numerusform>%n Schicht besser speichern</numerusform>
                <numerusform>%n Schichten besser speichern</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PromptSource</name>
        <message>
            <source>Where prompts come from</source>
            <translation>Woher die Prompts kommen</translation>
        </message>
        <message>
            <source>Prompts</source>
            <translation>Prompts</translation>
        </message>
        <message>
            <source>File with prompts</source>
            <translation>Datei mit Prompts</translation>
        </message>
        <message>
            <source>Prompts, one a line</source>
            <translation>Prompts, einer je Zeile</translation>
        </message>
        <message>
            <source>that come with Mantissa</source>
            <translation>die mit Mantissa kommen</translation>
        </message>
        <message>
            <source>from a file</source>
            <translation>aus einer Datei</translation>
        </message>
        <message>
            <source>typed here</source>
            <translation>hier getippt</translation>
        </message>
        <message>
            <source>Text file, one prompt a line</source>
            <translation>Textdatei, ein Prompt je Zeile</translation>
        </message>
        <message>
            <source>One prompt a line</source>
            <translation>Ein Prompt je Zeile</translation>
        </message>
        <message>
            <source>&amp;Prompts</source>
            <translation>&amp;Prompts</translation>
        </message>
        <message>
            <source>Text files (*.txt);;All files (*)</source>
            <translation>Textdateien (*.txt);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Choose the file with the prompts.</source>
            <translation>Wählen Sie die Datei mit den Prompts.</translation>
        </message>
        <message>
            <source>Type at least one prompt, one a line.</source>
            <translation>Tippen Sie mindestens einen Prompt, einen je Zeile.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::QueueModel</name>
        <message>
            <source>%1 as %2</source>
            <translation>%1 als %2</translation>
        </message>
        <message>
            <source>running, %1 %</source>
            <translation>läuft, %1 %</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>Job</source>
            <translation>Auftrag</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Output</source>
            <translation>Ausgabe</translation>
        </message>
        <message>
            <source>Source</source>
            <translation>Quelle</translation>
        </message>
        <message>
            <source>Note</source>
            <translation>Notiz</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::QueuePanel</name>
        <message>
            <source>Jobs</source>
            <translation>Aufträge</translation>
        </message>
        <message>
            <source>No jobs. Exports and calibrations line up here, and are still here after a crash.</source>
            <translation>Keine Aufträge. Exporte und Kalibrierungen reihen sich hier auf und sind auch nach einem Absturz noch da.</translation>
        </message>
        <message>
            <source>Go on with this job</source>
            <translation>Mit diesem Auftrag weitermachen</translation>
        </message>
        <message>
            <source>Stop this job; what is finished is kept</source>
            <translation>Diesen Auftrag anhalten; was fertig ist, bleibt erhalten</translation>
        </message>
        <message>
            <source>Take this job out of the queue</source>
            <translation>Diesen Auftrag aus der Warteschlange nehmen</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>Früher</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Take finished jobs out</source>
            <translation>Fertige Aufträge herausnehmen</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <source>No jobs</source>
            <translation>Keine Aufträge</translation>
        </message>
        <message>
            <source>State of the queue</source>
            <translation>Zustand der Warteschlange</translation>
        </message>
        <message>
            <source>Hold the queue after this job</source>
            <translation>Die Warteschlange nach diesem Auftrag anhalten</translation>
        </message>
        <message>
            <source>Hold</source>
            <translation>Anhalten</translation>
        </message>
        <message numerus="yes">
            <source>Held: no other job is started. %n job(s) waiting.</source>
            <translation>
                <numerusform>Angehalten: kein anderer Auftrag beginnt. %n Auftrag wartet.</numerusform>
                <numerusform>Angehalten: kein anderer Auftrag beginnt. %n Aufträge warten.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n job(s) waiting.</source>
            <translation>
                <numerusform>%n Auftrag wartet.</numerusform>
                <numerusform>%n Aufträge warten.</numerusform>
            </translation>
        </message>
        <message>
            <source>Progress of all jobs</source>
            <translation>Fortschritt aller Aufträge</translation>
        </message>
        <message>
            <source>When all jobs are done</source>
            <translation>Wenn alle Aufträge erledigt sind</translation>
        </message>
        <message>
            <source>then do nothing</source>
            <translation>danach nichts tun</translation>
        </message>
        <message>
            <source>then open the folder of the last output</source>
            <translation>danach den Ordner der letzten Ausgabe öffnen</translation>
        </message>
        <message>
            <source>then close Mantissa</source>
            <translation>danach Mantissa schließen</translation>
        </message>
        <message>
            <source>Job %1 of %2</source>
            <translation>Auftrag %1 von %2</translation>
        </message>
        <message>
            <source> · about %1 left for all</source>
            <translation> · noch etwa %1 für alle</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::RuleDialog</name>
        <message>
            <source>Add a rule</source>
            <translation>Regel hinzufügen</translation>
        </message>
        <message>
            <source>Change the rule</source>
            <translation>Regel ändern</translation>
        </message>
        <message>
            <source>Pattern</source>
            <translation>Muster</translation>
        </message>
        <message>
            <source>A regular expression that is searched for in the full name of each layer</source>
            <translation>Ein regulärer Ausdruck, der im vollen Namen jeder Schicht gesucht wird</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>Keep as it is</source>
            <translation>Lassen, wie es ist</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>Grund</translation>
        </message>
        <message>
            <source>Why, for whoever reads the plan later</source>
            <translation>Warum, für alle, die den Plan später lesen</translation>
        </message>
        <message>
            <source>What the rule would change</source>
            <translation>Was die Regel ändern würde</translation>
        </message>
        <message>
            <source>Layers that the rule would change</source>
            <translation>Schichten, die die Regel ändern würde</translation>
        </message>
        <message>
            <source>&amp;Pattern</source>
            <translation>&amp;Muster</translation>
        </message>
        <message>
            <source>&amp;Format</source>
            <translation>&amp;Format</translation>
        </message>
        <message>
            <source>&amp;Reason</source>
            <translation>&amp;Grund</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>&amp;Add rule</source>
            <translation>Regel &amp;hinzufügen</translation>
        </message>
        <message>
            <source>C&amp;hange rule</source>
            <translation>Regel än&amp;dern</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Type a pattern; the layers that it changes are listed here before it applies.</source>
            <translation>Tippen Sie ein Muster; die Schichten, die es ändert, stehen hier, bevor es gilt.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::RuleModel</name>
        <message>
            <source>you</source>
            <translation>Sie</translation>
        </message>
        <message>
            <source>Pattern</source>
            <translation>Muster</translation>
        </message>
        <message>
            <source>Format</source>
            <translation>Format</translation>
        </message>
        <message>
            <source>Decides about</source>
            <translation>Entscheidet über</translation>
        </message>
        <message>
            <source>From</source>
            <translation>Von</translation>
        </message>
        <message>
            <source>Reason</source>
            <translation>Grund</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::RulesPanel</name>
        <message>
            <source>Rules of the plan</source>
            <translation>Regeln des Plans</translation>
        </message>
        <message>
            <source>The plan has no rules. Setting a whole branch of the tree writes one, and so do presets.</source>
            <translation>Der Plan hat keine Regeln. Einen ganzen Zweig des Baums zu setzen schreibt eine; Vorlagen bringen welche mit.</translation>
        </message>
        <message>
            <source>Change the rule</source>
            <translation>Regel ändern</translation>
        </message>
        <message>
            <source>Remove the rule</source>
            <translation>Regel entfernen</translation>
        </message>
        <message>
            <source>Make the rule weaker: earlier ones lose</source>
            <translation>Die Regel schwächer machen: frühere verlieren</translation>
        </message>
        <message>
            <source>Make the rule stronger: later ones win</source>
            <translation>Die Regel stärker machen: spätere siegen</translation>
        </message>
        <message>
            <source>Select the layers that the rule decides about</source>
            <translation>Die Schichten wählen, über die die Regel entscheidet</translation>
        </message>
        <message>
            <source>Rules</source>
            <translation>Regeln</translation>
        </message>
        <message>
            <source>No rules</source>
            <translation>Keine Regeln</translation>
        </message>
        <message>
            <source>Later rules win over earlier ones; what is set on a layer itself wins over all.</source>
            <translation>Spätere Regeln siegen über frühere; was an einer Schicht selbst gesetzt ist, siegt über alle.</translation>
        </message>
        <message>
            <source>Add a rule…</source>
            <translation>Regel hinzufügen…</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::SettingsDialog</name>
        <message>
            <source>on</source>
            <translation>an</translation>
        </message>
        <message>
            <source>off</source>
            <translation>aus</translation>
        </message>
        <message>
            <source>No setting fits.</source>
            <translation>Keine Einstellung passt.</translation>
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Search settings</source>
            <translation>Einstellungen suchen</translation>
        </message>
        <message>
            <source>Where settings are kept</source>
            <translation>Wo die Einstellungen liegen</translation>
        </message>
        <message>
            <source>Kept in your home folder; with MANTISSA_PORTABLE=FOLDER in that folder. Nothing is sent anywhere.</source>
            <translation>Sie liegen in Ihrem persönlichen Ordner; mit MANTISSA_PORTABLE=ORDNER in jenem Ordner. Nichts wird irgendwohin gesendet.</translation>
        </message>
        <message>
            <source>Portable: kept in %1. Nothing is sent anywhere.</source>
            <translation>Tragbar: Sie liegen in %1. Nichts wird irgendwohin gesendet.</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Back to the default of “%1”</source>
            <translation>Zurück zur Vorgabe von „%1“</translation>
        </message>
        <message>
            <source>%1. Default: %2</source>
            <translation>%1. Vorgabe: %2</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ShortcutsDialog</name>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Keyboard shortcuts</source>
            <translation>Tastenkürzel</translation>
        </message>
        <message>
            <source>Search actions</source>
            <translation>Aktionen suchen</translation>
        </message>
        <message>
            <source>Actions and their keys</source>
            <translation>Aktionen und ihre Tasten</translation>
        </message>
        <message>
            <source>Action</source>
            <translation>Aktion</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>Set to %1</source>
            <translation>Auf %1 setzen</translation>
        </message>
        <message>
            <source>&amp;Assign</source>
            <translation>&amp;Zuweisen</translation>
        </message>
        <message>
            <source>&amp;Default</source>
            <translation>&amp;Vorgabe</translation>
        </message>
        <message>
            <source>Keys of the selected action</source>
            <translation>Tasten der gewählten Aktion</translation>
        </message>
        <message>
            <source>New keys; press them here</source>
            <translation>Neue Tasten; hier drücken</translation>
        </message>
        <message>
            <source>Assign these keys</source>
            <translation>Diese Tasten zuweisen</translation>
        </message>
        <message>
            <source>Back to the keys that come with the action</source>
            <translation>Zurück zu den Tasten, die zur Aktion gehören</translation>
        </message>
        <message>
            <source>Why the keys cannot be assigned</source>
            <translation>Warum die Tasten nicht zugewiesen werden können</translation>
        </message>
        <message>
            <source>&amp;Keys of the selected action</source>
            <translation>&amp;Tasten der gewählten Aktion</translation>
        </message>
        <message>
            <source>Select an action to change its keys.</source>
            <translation>Wählen Sie eine Aktion, um ihre Tasten zu ändern.</translation>
        </message>
        <message>
            <source>%1 belongs to “%2”; choose other keys, or change those of that action first.</source>
            <translation>%1 gehört zu „%2“; wählen Sie andere Tasten, oder ändern Sie zuerst die jener Aktion.</translation>
        </message>
        <message>
            <source>Assigned.</source>
            <translation>Zugewiesen.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::StartPage</name>
        <message>
            <source>Opened lately</source>
            <translation>Zuletzt geöffnet</translation>
        </message>
        <message>
            <source>Files that you open are listed here.</source>
            <translation>Dateien, die Sie öffnen, stehen hier.</translation>
        </message>
        <message>
            <source>Clear the list</source>
            <translation>Liste leeren</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
        <message>
            <source>No files yet</source>
            <translation>Noch keine Dateien</translation>
        </message>
        <message>
            <source>Clear the list of files</source>
            <translation>Die Liste der Dateien leeren</translation>
        </message>
        <message>
            <source>%1  —  no longer in %2</source>
            <translation>%1  —  nicht mehr in %2</translation>
        </message>
        <message>
            <source>File that was opened lately</source>
            <translation>Zuletzt geöffnete Datei</translation>
        </message>
        <message>
            <source>&amp;Unpin</source>
            <translation>&amp;Lösen</translation>
        </message>
        <message>
            <source>&amp;Pin to the top</source>
            <translation>Oben an&amp;heften</translation>
        </message>
        <message>
            <source>&amp;Take off the list</source>
            <translation>Von der Liste &amp;nehmen</translation>
        </message>
        <message>
            <source>%1  (pinned)</source>
            <translation>%1  (angeheftet)</translation>
        </message>
        <message>
            <source>The middle button opens a new window; the right one pins a file or takes it off the list</source>
            <translation>Die mittlere Taste öffnet ein neues Fenster; die rechte heftet eine Datei an oder nimmt sie von der Liste</translation>
        </message>
        <message>
            <source>Open in a new &amp;window</source>
            <translation>In neuem &amp;Fenster öffnen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::TotalsBar</name>
        <message>
            <source>Size of the output</source>
            <translation>Größe der Ausgabe</translation>
        </message>
        <message>
            <source>Saved</source>
            <translation>Gespart</translation>
        </message>
        <message>
            <source>Layers by outcome</source>
            <translation>Schichten nach Ergebnis</translation>
        </message>
        <message>
            <source>Totals</source>
            <translation>Summen</translation>
        </message>
        <message>
            <source>Output as a share of the original</source>
            <translation>Ausgabe als Anteil am Original</translation>
        </message>
        <message>
            <source>Findings</source>
            <translation>Befunde</translation>
        </message>
        <message>
            <source>Show what to look at before the export</source>
            <translation>Zeigen, was vor dem Export anzusehen ist</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren…</translation>
        </message>
        <message>
            <source>Export</source>
            <translation>Export</translation>
        </message>
        <message>
            <source>Exactly %1 bytes, header included</source>
            <translation>Genau %1 Byte, mit Kopf</translation>
        </message>
        <message>
            <source>Tensor data without the file&apos;s header</source>
            <translation>Tensordaten ohne den Kopf der Datei</translation>
        </message>
        <message>
            <source>%1 quantized</source>
            <translation>%1 quantisiert</translation>
        </message>
        <message>
            <source>%1 kept</source>
            <translation>%1 behalten</translation>
        </message>
        <message>
            <source>%1 guarded</source>
            <translation>%1 geschützt</translation>
        </message>
        <message>
            <source>%1 set by hand</source>
            <translation>%1 von Hand gesetzt</translation>
        </message>
        <message>
            <source>No findings</source>
            <translation>Keine Befunde</translation>
        </message>
        <message numerus="yes">
            <source>%n finding(s)</source>
            <translation>
                <numerusform>%n Befund</numerusform>
                <numerusform>%n Befunde</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::VariantTableModel</name>
        <message>
            <source>%1 % of %2</source>
            <translation>%1 % von %2</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 ×</source>
            <translation>%1 ×</translation>
        </message>
        <message>
            <source>%1 (baseline)</source>
            <translation>%1 (Vergleichsbasis)</translation>
        </message>
        <message>
            <source>Variant</source>
            <translation>Variante</translation>
        </message>
        <message>
            <source>Bytes of the file, or of the file that the plan would write</source>
            <translation>Bytes der Datei oder der Datei, die der Plan schriebe</translation>
        </message>
        <message>
            <source>Size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Median of short runs of all variants in turn; *: measured by an earlier run</source>
            <translation>Median kurzer Läufe aller Varianten im Wechsel; *: in einem früheren Lauf gemessen</translation>
        </message>
        <message>
            <source>A step</source>
            <translation>Ein Schritt</translation>
        </message>
        <message>
            <source>The baseline&apos;s time a step over this variant&apos;s</source>
            <translation>Zeit der Vergleichsbasis je Schritt durch die dieser Variante</translation>
        </message>
        <message>
            <source>Speed-up</source>
            <translation>Beschleunigung</translation>
        </message>
        <message>
            <source>Largest memory in use while its pictures were made</source>
            <translation>Größter belegter Speicher, während ihre Bilder erzeugt wurden</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>How often it was preferred to the baseline in a blind test</source>
            <translation>Wie oft sie im Blindtest der Vergleichsbasis vorgezogen wurde</translation>
        </message>
        <message>
            <source>Preferred</source>
            <translation>Vorgezogen</translation>
        </message>
        <message>
            <source>Rating</source>
            <translation>Bewertung</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ViewportBar</name>
        <message>
            <source>Kind of difference</source>
            <translation>Art des Unterschieds</translation>
        </message>
        <message>
            <source>Gain of the difference</source>
            <translation>Verstärkung des Unterschieds</translation>
        </message>
        <message>
            <source>Tolerance</source>
            <translation>Toleranz</translation>
        </message>
        <message>
            <source>Tolerance: differences up to it are shown as none</source>
            <translation>Toleranz: Unterschiede bis dahin werden als keine gezeigt</translation>
        </message>
        <message>
            <source>Share of B in the overlay</source>
            <translation>Anteil von B in der Überlagerung</translation>
        </message>
        <message>
            <source>Stretch B over the area of A, to look at only</source>
            <translation>B über die Fläche von A strecken, nur zum Ansehen</translation>
        </message>
        <message>
            <source>Zoom</source>
            <translation>Vergrößerung</translation>
        </message>
        <message>
            <source>Ways of looking</source>
            <translation>Ansichten</translation>
        </message>
        <message>
            <source>Absolute</source>
            <translation>Absolut</translation>
        </message>
        <message>
            <source>Signed</source>
            <translation>Mit Vorzeichen</translation>
        </message>
        <message>
            <source>FLIP</source>
            <translation>FLIP</translation>
        </message>
        <message>
            <source>Fit B to A</source>
            <translation>B an A anpassen</translation>
        </message>
        <message>
            <source>Gain %1 ×</source>
            <translation>Verstärkung %1 ×</translation>
        </message>
        <message>
            <source>B %1 %</source>
            <translation>B %1 %</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>Way of looking</source>
            <translation>Ansicht</translation>
        </message>
        <message>
            <source>Relative</source>
            <translation>Relativ</translation>
        </message>
        <message>
            <source>Largest difference of a channel; the same as a share of what A has there; lighter (orange) or darker (blue); what an eye notices</source>
            <translation>Größter Unterschied eines Kanals; derselbe als Anteil dessen, was A dort hat; heller (orange) oder dunkler (blau); was ein Auge bemerkt</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PartsDialog</name>
        <message>
            <source>Files with a VAE or text encoders</source>
            <translation>Dateien mit VAE oder Text-Encodern</translation>
        </message>
        <message>
            <source>&amp;Remove</source>
            <translation>&amp;Entfernen</translation>
        </message>
        <message>
            <source>Remove the chosen files</source>
            <translation>Die gewählten Dateien entfernen</translation>
        </message>
        <message>
            <source>Parts from other files</source>
            <translation>Teile aus anderen Dateien</translation>
        </message>
        <message>
            <source>What this is for</source>
            <translation>Wofür das gut ist</translation>
        </message>
        <message>
            <source>To calibrate and to make pictures, a network needs its VAE and its text encoders. Name the files that have them where this checkpoint does not. The first file with a part counts.</source>
            <translation>Zum Kalibrieren und für Bilder braucht ein Netz seinen VAE und seine Text-Encoder. Nennen Sie die Dateien, die sie enthalten, wo diese Modelldatei sie nicht hat. Es zählt die erste Datei mit einem Teil.</translation>
        </message>
        <message>
            <source>&amp;Add files…</source>
            <translation>Dateien &amp;hinzufügen…</translation>
        </message>
        <message>
            <source>Add files</source>
            <translation>Dateien hinzufügen</translation>
        </message>
        <message>
            <source>When embeddings are needed</source>
            <translation>Wann Einbettungen gebraucht werden</translation>
        </message>
        <message>
            <source>Text encoders that are large language models (Qwen-Image, Z-Image, FLUX.2, Lumina 2, HunyuanVideo) do not run here: give their output as a file with the tensors context, and negative_context and y where the network has them. Calibrations sample all of its texts, pictures to compare are drawn from the first.</source>
            <translation>Text-Encoder, die große Sprachmodelle sind (Qwen-Image, Z-Image, FLUX.2, Lumina 2, HunyuanVideo), laufen hier nicht: Geben Sie ihre Ausgabe als Datei mit den Tensoren context sowie negative_context und y, wo das Netz sie hat. Kalibriert wird mit allen ihren Texten; Bilder zum Vergleichen entstehen aus dem ersten.</translation>
        </message>
        <message>
            <source>&amp;Embeddings</source>
            <translation>&amp;Einbettungen</translation>
        </message>
        <message>
            <source>Text that was encoded elsewhere</source>
            <translation>Text, der anderswo kodiert wurde</translation>
        </message>
        <message>
            <source>Safetensors (*.safetensors)</source>
            <translation>Safetensors (*.safetensors)</translation>
        </message>
        <message>
            <source>T5 &amp;vocabulary</source>
            <translation>T5-&amp;Vokabular</translation>
        </message>
        <message>
            <source>T5&apos;s vocabulary, where the text encoder&apos;s file has none</source>
            <translation>Das Vokabular von T5, wo die Datei des Text-Encoders keines hat</translation>
        </message>
        <message>
            <source>SentencePiece (spiece.model *.model)</source>
            <translation>SentencePiece (spiece.model *.model)</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Schaltflächen</translation>
        </message>
        <message>
            <source>Use these files</source>
            <translation>Diese Dateien verwenden</translation>
        </message>
        <message>
            <source>&amp;Use these files</source>
            <translation>Diese Dateien &amp;verwenden</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>none: the text encoders run</source>
            <translation>keine: die Text-Encoder laufen</translation>
        </message>
        <message>
            <source>that of the text encoder&apos;s file</source>
            <translation>das der Datei des Text-Encoders</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PathField</name>
        <message>
            <source>Choose the file: %1</source>
            <translation>Datei wählen: %1</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CalibrationOptions</name>
        <message>
            <source>Sizes of the pictures</source>
            <translation>Größen der Bilder</translation>
        </message>
        <message>
            <source>Random data instead of prompts</source>
            <translation>Zufallsdaten statt Prompts</translation>
        </message>
        <message>
            <source>Sizes, sampler, scheduler, guidance, what is watched, random data</source>
            <translation>Größen, Sampler, Scheduler, Guidance, was beobachtet wird, Zufallsdaten</translation>
        </message>
        <message>
            <source>three of the model's</source>
            <translation>drei des Modells</translation>
        </message>
        <message>
            <source>Pixels, as in 512x768, 768x512; each prompt gets one of them. Empty: the model's own size, and two that are three quarters as high or as wide</source>
            <translation>Pixel, etwa 512x768, 768x512; jeder Prompt bekommt eine davon. Leer: die Größe des Modells und zwei, die drei Viertel so hoch oder so breit sind</translation>
        </message>
        <message>
            <source>Above 1, the side without a prompt is watched as well</source>
            <translation>Über 1 wird auch die Seite ohne Prompt beobachtet</translation>
        </message>
        <message>
            <source>Pure noise through the model in place of pictures. It does not show what the model sees when it makes pictures: files made with such statistics can be worse than files made without any</source>
            <translation>Reines Rauschen durch das Modell statt Bildern. Das zeigt nicht, was das Modell sieht, wenn es Bilder macht: Dateien mit solcher Statistik können schlechter sein als Dateien ganz ohne</translation>
        </message>
        <message>
            <source>What random data does</source>
            <translation>Was Zufallsdaten bewirken</translation>
        </message>
        <message>
            <source>Statistics of noise can make worse files than no statistics at all; they are labelled in the file.</source>
            <translation>Eine Statistik aus Rauschen kann schlechtere Dateien machen als gar keine; in der Datei steht, dass sie daher kommt.</translation>
        </message>
        <message>
            <source>Parts of the model that are watched</source>
            <translation>Teile des Modells, die beobachtet werden</translation>
        </message>
        <message>
            <source>Si&amp;zes</source>
            <translation>&amp;Größen</translation>
        </message>
        <message>
            <source>Watch</source>
            <translation>Beobachtet</translation>
        </message>
        <message>
            <source>random data</source>
            <translation>Zufallsdaten</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::MultiplesView</name>
        <message>
            <source>Inputs of the selected layers, side by side</source>
            <translation>Eingaben der gewählten Schichten nebeneinander</translation>
        </message>
        <message>
            <source>Click a layer to see it large</source>
            <translation>Eine Schicht anklicken, um sie groß zu sehen</translation>
        </message>
    </context>
    <context>
        <name>PausedJob</name>
        <message>
            <source>Try again with a smaller memory budget (%1)</source>
            <translation>Mit kleinerem Speicherbudget noch einmal versuchen (%1)</translation>
        </message>
        <message>
            <source>Use the processor instead of the GPU</source>
            <translation>Den Prozessor statt der GPU nehmen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <source>Export elsewhere…</source>
            <translation>Anderswohin exportieren…</translation>
        </message>
        <message>
            <source>Write elsewhere…</source>
            <translation>Anderswohin schreiben…</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::CrashDialog</name>
        <message>
            <source>Which crash</source>
            <translation>Welcher Absturz</translation>
        </message>
        <message>
            <source>What the report says</source>
            <translation>Was der Bericht sagt</translation>
        </message>
        <message>
            <source>No crash reports</source>
            <translation>Keine Absturzberichte</translation>
        </message>
        <message>
            <source>There are no crash reports. One is written when the program, or the process of a job, crashes.</source>
            <translation>Es gibt keine Absturzberichte. Einer wird geschrieben, wenn das Programm oder der Prozess eines Auftrags abstürzt.</translation>
        </message>
        <message>
            <source>&amp;Copy</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <source>Copy the report</source>
            <translation>Den Bericht kopieren</translation>
        </message>
        <message>
            <source>&amp;Delete</source>
            <translation>&amp;Löschen</translation>
        </message>
        <message>
            <source>Delete the report</source>
            <translation>Den Bericht löschen</translation>
        </message>
        <message>
            <source>Crash reports</source>
            <translation>Absturzberichte</translation>
        </message>
        <message>
            <source>About crash reports</source>
            <translation>Über Absturzberichte</translation>
        </message>
        <message>
            <source>Reports stay on this machine. Nothing is sent; copy one into your own message if you want to report the crash.</source>
            <translation>Berichte bleiben auf diesem Rechner. Nichts wird gesendet; kopieren Sie einen in Ihre eigene Nachricht, wenn Sie den Absturz melden wollen.</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ExportRulesDialog</name>
        <message>
            <source>Tool</source>
            <translation>Werkzeug</translation>
        </message>
        <message>
            <source>Format that the rules are about</source>
            <translation>Format, von dem die Regeln handeln</translation>
        </message>
        <message>
            <source>What the text is</source>
            <translation>Was der Text ist</translation>
        </message>
        <message>
            <source>&amp;Format</source>
            <translation>&amp;Format</translation>
        </message>
        <message>
            <source>What cannot be said the same way</source>
            <translation>Was sich nicht genauso sagen lässt</translation>
        </message>
        <message>
            <source>What became of the text</source>
            <translation>Was aus dem Text geworden ist</translation>
        </message>
        <message>
            <source>Rules for the tool</source>
            <translation>Regeln für das Werkzeug</translation>
        </message>
        <message>
            <source>&amp;Copy</source>
            <translation>&amp;Kopieren</translation>
        </message>
        <message>
            <source>Copy the rules</source>
            <translation>Die Regeln kopieren</translation>
        </message>
        <message>
            <source>&amp;Save…</source>
            <translation>&amp;Speichern…</translation>
        </message>
        <message>
            <source>Save the rules</source>
            <translation>Die Regeln speichern</translation>
        </message>
        <message>
            <source>Export rules</source>
            <translation>Regeln exportieren</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>&amp;Rules for</source>
            <translation>&amp;Regeln für</translation>
        </message>
        <message>
            <source>The rules are on the clipboard.</source>
            <translation>Die Regeln sind in der Zwischenablage.</translation>
        </message>
        <message>
            <source>Rules (*%1);;All files (*)</source>
            <translation>Regeln (*%1);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Written to %1.</source>
            <translation>Nach %1 geschrieben.</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::ImportRulesDialog</name>
        <message>
            <source>Rules of another tool</source>
            <translation>Regeln eines anderen Werkzeugs</translation>
        </message>
        <message>
            <source>What cannot be said the same way</source>
            <translation>Was sich nicht genauso sagen lässt</translation>
        </message>
        <message>
            <source>What the rules would change</source>
            <translation>Was die Regeln ändern würden</translation>
        </message>
        <message>
            <source>Layers that the rules would change</source>
            <translation>Schichten, die die Regeln ändern würden</translation>
        </message>
        <message>
            <source>Import rules</source>
            <translation>Regeln übernehmen</translation>
        </message>
        <message>
            <source>What can be imported</source>
            <translation>Was übernommen werden kann</translation>
        </message>
        <message>
            <source>Paste the text of --tensor-type-rules of stable-diffusion.cpp, or a config of comfy-quants (YAML). The rules come after those of the plan, and win over them.</source>
            <translation>Fügen Sie den Text von --tensor-type-rules von stable-diffusion.cpp oder eine Konfiguration von comfy-quants (YAML) ein. Die Regeln folgen auf die des Plans und gehen ihnen vor.</translation>
        </message>
        <message>
            <source>&amp;Open a file…</source>
            <translation>Datei ö&amp;ffnen…</translation>
        </message>
        <message>
            <source>Read the rules from a file</source>
            <translation>Die Regeln aus einer Datei lesen</translation>
        </message>
        <message>
            <source>Buttons</source>
            <translation>Knöpfe</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>&amp;Add the rules</source>
            <translation>Regeln &amp;hinzufügen</translation>
        </message>
        <message>
            <source>Add the rules</source>
            <translation>Die Regeln hinzufügen</translation>
        </message>
        <message>
            <source>The layers that the rules change are listed here before they apply.</source>
            <translation>Die Schichten, die die Regeln ändern, stehen hier, bevor sie gelten.</translation>
        </message>
        <message>
            <source>Read rules from a file</source>
            <translation>Regeln aus einer Datei lesen</translation>
        </message>
        <message>
            <source>Rules (*.yaml *.yml *.txt);;All files (*)</source>
            <translation>Regeln (*.yaml *.yml *.txt);;Alle Dateien (*)</translation>
        </message>
        <message numerus="yes">
            <source>Import %n rule(s)</source>
            <translation>
                <numerusform>%n Regel übernehmen</numerusform>
                <numerusform>%n Regeln übernehmen</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::PausedChoices</name>
        <message>
            <source>How this job can go on</source>
            <translation>Wie dieser Auftrag weitergehen kann</translation>
        </message>
        <message>
            <source>Write the file elsewhere</source>
            <translation>Die Datei anderswohin schreiben</translation>
        </message>
        <message>
            <source>Safetensors (*.safetensors)</source>
            <translation>Safetensors (*.safetensors)</translation>
        </message>
    </context>
    <context>
        <name>Engine</name>
        <message numerus="yes">
            <source>%n layer(s) in %1 (has|have) input channels %2 times the median and more (most: %3, %4 times); one scale for a whole token leaves few steps for the other channels</source>
            <translation>
                <numerusform>%n Schicht in %1 hat Eingangskanäle mit dem %2-Fachen des Medians und mehr (am meisten: %3, das %4-Fache); eine Skala für ein ganzes Token lässt den anderen Kanälen wenige Stufen</numerusform>
                <numerusform>%n Schichten in %1 haben Eingangskanäle mit dem %2-Fachen des Medians und mehr (am meisten: %3, das %4-Fache); eine Skala für ein ganzes Token lässt den anderen Kanälen wenige Stufen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 does not load %2 (%n layer(s))</source>
            <translation>
                <numerusform>%1 lädt %2 nicht (%n Schicht)</numerusform>
                <numerusform>%1 lädt %2 nicht (%n Schichten)</numerusform>
            </translation>
        </message>
        <message>
            <source>the plan was made for %1, and this is %2</source>
            <translation>der Plan wurde für %1 gemacht, und das hier ist %2</translation>
        </message>
        <message>
            <source>rule %1 ("%2")</source>
            <translation>Regel %1 („%2“)</translation>
        </message>
        <message>
            <source>rule %1 (%3 "%2")</source>
            <translation>Regel %1 (%3 „%2“)</translation>
        </message>
        <message>
            <source>%1 matches no layer; layer names do not end in .weight</source>
            <translation>%1 trifft keine Schicht; Namen von Schichten enden nicht auf .weight</translation>
        </message>
        <message>
            <source>%1 matches no layer</source>
            <translation>%1 trifft keine Schicht</translation>
        </message>
        <message>
            <source>%1 matches only layers that cannot be quantized</source>
            <translation>%1 trifft nur Schichten, die nicht quantisiert werden können</translation>
        </message>
        <message numerus="yes">
            <source>%n override(s) (names|name) no layer of this model: %1</source>
            <translation>
                <numerusform>%n Schicht, für die der Plan etwas festlegt, gibt es in diesem Modell nicht: %1</numerusform>
                <numerusform>%n Schichten, für die der Plan etwas festlegt, gibt es in diesem Modell nicht: %1</numerusform>
            </translation>
        </message>
        <message>
            <source>this file has no component "%1"</source>
            <translation>diese Datei hat keinen Teil „%1“</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) in %1: no known runtime loads it</source>
            <translation>
                <numerusform>%n Schicht in %1: keine bekannte Laufzeit lädt das</numerusform>
                <numerusform>%n Schichten in %1: keine bekannte Laufzeit lädt das</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) in %1: stock ComfyUI does not load it, a custom node is needed</source>
            <translation>
                <numerusform>%n Schicht in %1: ComfyUI ohne Zusätze lädt das nicht, es braucht eine Erweiterung</numerusform>
                <numerusform>%n Schichten in %1: ComfyUI ohne Zusätze lädt das nicht, es braucht eine Erweiterung</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 – %2</source>
            <translation>%1 – %2</translation>
        </message>
        <message>
            <source>%1 and %2 in one file: no known loader reads both</source>
            <translation>%1 und %2 in einer Datei: nichts Bekanntes liest beides</translation>
        </message>
        <message>
            <source>the keys are spelled as diffusers spells them: stock ComfyUI may not load the file</source>
            <translation>die Schlüssel sind geschrieben, wie diffusers sie schreibt: ComfyUI ohne Zusätze lädt die Datei vielleicht nicht</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation>%1: %2</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) that the model is sensitive to (is|are) quantized</source>
            <translation>
                <numerusform>%n Schicht, auf die das Modell empfindlich reagiert, wird quantisiert</numerusform>
                <numerusform>%n Schichten, auf die das Modell empfindlich reagiert, werden quantisiert</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) that the model is sensitive to (is|are) quantized to 4 bits</source>
            <translation>
                <numerusform>%n Schicht, auf die das Modell empfindlich reagiert, wird auf 4 Bit quantisiert</numerusform>
                <numerusform>%n Schichten, auf die das Modell empfindlich reagiert, werden auf 4 Bit quantisiert</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) (loses|lose) accuracy for nothing: stored as planned, (it is|they are) no smaller than before</source>
            <translation>
                <numerusform>%n Schicht verliert Genauigkeit für nichts: wie geplant gespeichert ist sie nicht kleiner als vorher</numerusform>
                <numerusform>%n Schichten verlieren Genauigkeit für nichts: wie geplant gespeichert sind sie nicht kleiner als vorher</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) (is|are) quantized already and will be decoded and quantized again, which adds to the error; start from the original file if you have it</source>
            <translation>
                <numerusform>%n Schicht ist schon quantisiert und wird dekodiert und noch einmal quantisiert, was den Fehler vergrößert; nehmen Sie die Originaldatei, wenn Sie sie haben</numerusform>
                <numerusform>%n Schichten sind schon quantisiert und werden dekodiert und noch einmal quantisiert, was den Fehler vergrößert; nehmen Sie die Originaldatei, wenn Sie sie haben</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) (holds|hold) 8-bit floats without scales: what that cast lost stays lost, and quantizing from it loses quality; start from the 16-bit original if you have it</source>
            <translation>
                <numerusform>%n Schicht enthält 8-Bit-Gleitkommazahlen ohne Skalen: was dabei verloren ging, bleibt verloren, und von dort zu quantisieren kostet Qualität; nehmen Sie das Original in 16 Bit, wenn Sie es haben</numerusform>
                <numerusform>%n Schichten enthalten 8-Bit-Gleitkommazahlen ohne Skalen: was dabei verloren ging, bleibt verloren, und von dort zu quantisieren kostet Qualität; nehmen Sie das Original in 16 Bit, wenn Sie es haben</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 (%n layer(s))</source>
            <translation>
                <numerusform>%1 (%n Schicht)</numerusform>
                <numerusform>%1 (%n Schichten)</numerusform>
            </translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
        <message>
            <source>the weights come in several dtypes: %1; layers of another dtype than most may be merged in, or cast before</source>
            <translation>die Gewichte haben verschiedene Datentypen: %1; Schichten mit einem anderen als die meisten sind vielleicht hineingemischt oder vorher umgewandelt</translation>
        </message>
        <message>
            <source>the plan quantizes no layer</source>
            <translation>der Plan quantisiert keine Schicht</translation>
        </message>
        <message numerus="yes">
            <source>the plan quantizes no layer: %n (is|are) quantized already and stay as they are; --set REGEX=FORMAT quantizes them again</source>
            <translation>
                <numerusform>der Plan quantisiert keine Schicht: %n ist schon quantisiert und bleibt, wie sie ist; eine Regel oder eine Einstellung von Hand quantisiert sie noch einmal</numerusform>
                <numerusform>der Plan quantisiert keine Schicht: %n sind schon quantisiert und bleiben, wie sie sind; Regeln oder Einstellungen von Hand quantisieren sie noch einmal</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n weight(s) of %1 (is|are) NaN or infinity: the checkpoint is damaged, and an export stops there</source>
            <translation>
                <numerusform>%n Gewicht in %1 ist NaN oder unendlich: die Modelldatei ist beschädigt, und ein Export hält dort an</numerusform>
                <numerusform>%n Gewichte in %1 sind NaN oder unendlich: die Modelldatei ist beschädigt, und ein Export hält dort an</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s)</source>
            <translation>
                <numerusform>%n Schicht</numerusform>
                <numerusform>%n Schichten</numerusform>
            </translation>
        </message>
        <message>
            <source>norms are never quantized</source>
            <translation>Normen werden nie quantisiert</translation>
        </message>
        <message>
            <source>bare parameters are never quantized</source>
            <translation>einzelne Parameter werden nie quantisiert</translation>
        </message>
        <message>
            <source>buffers are not weights</source>
            <translation>Puffer sind keine Gewichte</translation>
        </message>
        <message>
            <source>convolutions keep their precision: the formats that ComfyUI loads store Linear weights only</source>
            <translation>Faltungen behalten ihre Genauigkeit: die Formate, die ComfyUI lädt, speichern nur Gewichte linearer Schichten</translation>
        </message>
        <message>
            <source>embeddings are kept unless a rule or an override of yours asks for one</source>
            <translation>Einbettungen bleiben, wenn nicht eine Regel oder eine Einstellung von Ihnen ein Format verlangt</translation>
        </message>
        <message>
            <source>adapters are added to the weights while they load and must stay floats</source>
            <translation>Adapter werden beim Laden zu den Gewichten addiert und müssen Gleitkommazahlen bleiben</translation>
        </message>
        <message>
            <source>the weight has %1 dimensions, and the formats store matrices</source>
            <translation>das Gewicht hat %1 Dimensionen, und die Formate speichern Matrizen</translation>
        </message>
        <message>
            <source>the weight is empty</source>
            <translation>das Gewicht ist leer</translation>
        </message>
        <message>
            <source>it is stored as %1, which cannot be decoded here</source>
            <translation>sie ist als %1 gespeichert, was hier nicht dekodiert werden kann</translation>
        </message>
        <message>
            <source>its values are %1, not floats</source>
            <translation>ihre Werte sind %1, keine Gleitkommazahlen</translation>
        </message>
        <message>
            <source>the %1 is not among the components to quantize</source>
            <translation>%1 ist nicht unter den Teilen, die quantisiert werden</translation>
        </message>
        <message>
            <source>override: %1</source>
            <translation>hier gesetzt: %1</translation>
        </message>
        <message>
            <source>it is stored as %1 already; a rule or an override of yours can re-quantize it</source>
            <translation>sie ist schon als %1 gespeichert; eine Regel oder eine Einstellung von Ihnen kann sie noch einmal quantisieren</translation>
        </message>
        <message>
            <source>it is stored as %1 already</source>
            <translation>sie ist schon als %1 gespeichert</translation>
        </message>
        <message>
            <source>%1; it takes the fallback format %2</source>
            <translation>%1; sie nimmt das Ersatzformat %2</translation>
        </message>
        <message>
            <source>critical: %1</source>
            <translation>kritisch: %1</translation>
        </message>
        <message>
            <source>base: %1</source>
            <translation>Grundformat: %1</translation>
        </message>
        <message>
            <source>kept as it is by an override for this layer</source>
            <translation>für diese Schicht gesetzt: bleibt, wie sie ist</translation>
        </message>
        <message>
            <source>set to %1 for this layer</source>
            <translation>für diese Schicht auf %1 gesetzt</translation>
        </message>
        <message>
            <source>set to %1 for this layer, inputs cut at %2</source>
            <translation>für diese Schicht auf %1 gesetzt, Eingaben bei %2 abgeschnitten</translation>
        </message>
        <message>
            <source>kept by %1</source>
            <translation>bleibt nach %1</translation>
        </message>
        <message>
            <source>set to %1 by %2</source>
            <translation>auf %1 gesetzt von %2</translation>
        </message>
        <message>
            <source>the model is sensitive to it</source>
            <translation>das Modell reagiert empfindlich darauf</translation>
        </message>
        <message>
            <source>stored as %1 instead of the base format: %2</source>
            <translation>als %1 statt im Grundformat gespeichert: %2</translation>
        </message>
        <message>
            <source>preserved by default: %1</source>
            <translation>bleibt von sich aus erhalten: %1</translation>
        </message>
        <message>
            <source>preserved by default in 4-bit formats: %1</source>
            <translation>bleibt bei 4-Bit-Formaten von sich aus erhalten: %1</translation>
        </message>
        <message>
            <source>nothing asks for a format</source>
            <translation>nichts verlangt ein Format</translation>
        </message>
        <message>
            <source>the base format %1, since nothing else decides</source>
            <translation>das Grundformat %1, weil sonst nichts entscheidet</translation>
        </message>
        <message>
            <source>native</source>
            <translation>nativ</translation>
        </message>
        <message>
            <source>emulated</source>
            <translation>emuliert</translation>
        </message>
        <message>
            <source>loads</source>
            <translation>lädt</translation>
        </message>
        <message>
            <source>refused</source>
            <translation>verweigert</translation>
        </message>
        <message>
            <source>unknown</source>
            <translation>unbekannt</translation>
        </message>
        <message>
            <source>it loads; how fast it is has not been written down</source>
            <translation>das lädt; wie schnell es ist, steht nirgends</translation>
        </message>
        <message>
            <source>%1 %2</source>
            <translation>%1 %2</translation>
        </message>
        <message>
            <source>the fast path is made for NVIDIA GPUs; here it is %1</source>
            <translation>der schnelle Weg ist für GPUs von NVIDIA gemacht; hier wird es %1</translation>
        </message>
        <message>
            <source>the fast path needs compute capability %1, this GPU has %2; it is %3</source>
            <translation>der schnelle Weg braucht Compute Capability %1, diese GPU hat %2; es wird %3</translation>
        </message>
        <message>
            <source>this version does not know the format, so the file does not load</source>
            <translation>diese Version kennt das Format nicht, die Datei lädt also nicht</translation>
        </message>
        <message>
            <source>whether it reads the format has not been written down</source>
            <translation>ob das Format gelesen wird, steht nirgends</translation>
        </message>
        <message numerus="yes">
            <source>%1 (%n layer(s)): %2: %3</source>
            <translation>
                <numerusform>%1 (%n Schicht): %2: %3</numerusform>
                <numerusform>%1 (%n Schichten): %2: %3</numerusform>
            </translation>
        </message>
        <message>
            <source>the plan quantizes nothing; every loader of the family reads plain weights</source>
            <translation>der Plan quantisiert nichts; einfache Gewichte liest alles, was die Familie lädt</translation>
        </message>
        <message>
            <source>this is a Git LFS pointer, not the file itself</source>
            <translation>das ist ein Zeiger von Git LFS, nicht die Datei selbst</translation>
        </message>
        <message>
            <source>fetch the real file with git lfs pull, or download it again</source>
            <translation>die echte Datei mit git lfs pull holen oder erneut herunterladen</translation>
        </message>
        <message>
            <source>this is an empty zip archive</source>
            <translation>das ist ein leeres Zip-Archiv</translation>
        </message>
        <message>
            <source>the checkpoint was not saved correctly; get it again</source>
            <translation>die Modelldatei wurde nicht richtig gespeichert; sie erneut besorgen</translation>
        </message>
        <message>
            <source>this is a gzip archive</source>
            <translation>das ist ein gzip-Archiv</translation>
        </message>
        <message>
            <source>unpack it first</source>
            <translation>es zuerst entpacken</translation>
        </message>
        <message>
            <source>this is a 7z archive</source>
            <translation>das ist ein 7z-Archiv</translation>
        </message>
        <message>
            <source>this is a RAR archive</source>
            <translation>das ist ein RAR-Archiv</translation>
        </message>
        <message>
            <source>this is a Zstandard archive</source>
            <translation>das ist ein Zstandard-Archiv</translation>
        </message>
        <message>
            <source>this is a tar archive</source>
            <translation>das ist ein tar-Archiv</translation>
        </message>
        <message>
            <source>this is an HDF5 file, which cannot be opened</source>
            <translation>das ist eine HDF5-Datei, die sich nicht öffnen lässt</translation>
        </message>
        <message>
            <source>convert it to safetensors with the program that made it</source>
            <translation>sie mit dem Programm, das sie gemacht hat, in safetensors umwandeln</translation>
        </message>
        <message>
            <source>GGML's blocks of 8 bits became INT8 by rows</source>
            <translation>aus den 8-Bit-Blöcken von GGML wurde INT8 nach Zeilen</translation>
        </message>
        <message>
            <source>GGML's blocks of 4 bits became INT4 with blocks of 64</source>
            <translation>aus den 4-Bit-Blöcken von GGML wurde INT4 mit Blöcken von 64</translation>
        </message>
        <message>
            <source>there is nothing between 4 and 8 bits; INT8 by rows loses less</source>
            <translation>zwischen 4 und 8 Bit gibt es nichts; INT8 nach Zeilen verliert weniger</translation>
        </message>
        <message>
            <source>there is nothing below 4 bits; INT4 is the smallest that any card reads</source>
            <translation>unter 4 Bit gibt es nichts; INT4 ist das Kleinste, was eine Karte liest</translation>
        </message>
        <message>
            <source>float types of single layers cannot be chosen; they stay as they are</source>
            <translation>Gleitkommatypen einzelner Schichten lassen sich nicht wählen; sie bleiben, wie sie sind</translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s): of %1, %2 can say %3 only</source>
            <translation>
                <numerusform>%n Schicht: von %1 kann %2 nur %3 sagen</numerusform>
                <numerusform>%n Schichten: von %1 kann %2 nur %3 sagen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) stay(s|) as (it is|they are): %1 finds matrices by their names, which end in &quot;.weight&quot;</source>
            <translation>
                <numerusform>%n Schicht bleibt, wie sie ist: %1 findet Matrizen an ihren Namen, die auf „.weight“ enden</numerusform>
                <numerusform>%n Schichten bleiben, wie sie sind: %1 findet Matrizen an ihren Namen, die auf „.weight“ enden</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) in %1 (is|are) skipped: %2 has no such format</source>
            <translation>
                <numerusform>%n Schicht in %1 wird ausgelassen: %2 hat kein solches Format</numerusform>
                <numerusform>%n Schichten in %1 werden ausgelassen: %2 hat kein solches Format</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) outside of the network (is|are) left out: comfy-quants reads the network alone</source>
            <translation>
                <numerusform>%n Schicht außerhalb des Netzes bleibt weg: comfy-quants liest nur das Netz</numerusform>
                <numerusform>%n Schichten außerhalb des Netzes bleiben weg: comfy-quants liest nur das Netz</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) in %1 (is|are) left out: a config has one format, %2</source>
            <translation>
                <numerusform>%n Schicht in %1 bleibt weg: eine Konfiguration hat ein Format, %2</numerusform>
                <numerusform>%n Schichten in %1 bleiben weg: eine Konfiguration hat ein Format, %2</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) (is|are) quantized already, and the rules leave (it|them) alone</source>
            <translation>
                <numerusform>%n Schicht ist schon quantisiert, und die Regeln lassen sie in Ruhe</numerusform>
                <numerusform>%n Schichten sind schon quantisiert, und die Regeln lassen sie in Ruhe</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n tensor(s) of %1 become(s|) %2: GGML has no nearer type</source>
            <translation>
                <numerusform>%n Tensor in %1 wird zu %2: GGML hat keinen näheren Typ</numerusform>
                <numerusform>%n Tensoren in %1 werden zu %2: GGML hat keinen näheren Typ</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) in %1 become(s|) %2, the nearest type of GGML</source>
            <translation>
                <numerusform>%n Schicht in %1 wird zu %2, dem nächsten Typ von GGML</numerusform>
                <numerusform>%n Schichten in %1 werden zu %2, dem nächsten Typ von GGML</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) stay(s|) as (it is|they are): %1 never converts tensors of such names</source>
            <translation>
                <numerusform>%n Schicht bleibt, wie sie ist: %1 wandelt Tensoren mit solchen Namen nie um</numerusform>
                <numerusform>%n Schichten bleiben, wie sie sind: %1 wandelt Tensoren mit solchen Namen nie um</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n layer(s) stay(s|) as (it is|they are): blocks of %1 values do not divide the rows</source>
            <translation>
                <numerusform>%n Schicht bleibt, wie sie ist: Blöcke von %1 Werten teilen die Zeilen nicht</numerusform>
                <numerusform>%n Schichten bleiben, wie sie sind: Blöcke von %1 Werten teilen die Zeilen nicht</numerusform>
            </translation>
        </message>
        <message>
            <source>a layer config of convert-to-quant, for --layer-config</source>
            <translation>eine Layer-Konfiguration von convert-to-quant, für --layer-config</translation>
        </message>
        <message>
            <source>a config of comfy-quants, for its command quantize</source>
            <translation>eine Konfiguration von comfy-quants, für dessen Befehl quantize</translation>
        </message>
        <message>
            <source>rules of stable-diffusion.cpp, for --tensor-type-rules</source>
            <translation>Regeln von stable-diffusion.cpp, für --tensor-type-rules</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::FoldedSettings</name>
        <message>
            <source>More</source>
            <translation>Mehr</translation>
        </message>
        <message>
            <source>More: %1</source>
            <translation>Mehr: %1</translation>
        </message>
        <message>
            <source>More settings</source>
            <translation>Weitere Einstellungen</translation>
        </message>
    </context>
    <context>
        <name>mantissa::ui::SamplingFields</name>
        <message>
            <source>as the model has it</source>
            <translation>wie es das Modell hat</translation>
        </message>
        <message>
            <source>Sampler</source>
            <translation>Sampler</translation>
        </message>
        <message>
            <source>Scheduler</source>
            <translation>Scheduler</translation>
        </message>
        <message>
            <source>Guidance</source>
            <translation>Guidance</translation>
        </message>
        <message>
            <source>Samp&amp;ler</source>
            <translation>Samp&amp;ler</translation>
        </message>
        <message>
            <source>Sche&amp;duler</source>
            <translation>Sche&amp;duler</translation>
        </message>
        <message>
            <source>&amp;Guidance</source>
            <translation>G&amp;uidance</translation>
        </message>
        <message>
            <source>guidance %1</source>
            <translation>Guidance %1</translation>
        </message>
    </context>
</TS>
