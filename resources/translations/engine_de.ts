<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>Engine</name>
        <message>
            <source>&quot;format&quot;: &quot;keep&quot; leaves a layer as it is</source>
            <translation>&quot;format&quot;: &quot;keep&quot; lässt eine Schicht, wie sie ist</translation>
        </message>
        <message>
            <source>&quot;keep&quot; leaves a layer as it is</source>
            <translation>&quot;keep&quot; lässt eine Schicht, wie sie ist</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is no format that can be taken over</source>
            <translation>„{}“ ist kein Format, das übernommen werden kann</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is no type of GGML that stores weights</source>
            <translation>„{}“ ist kein Typ von GGML, der Gewichte speichert</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is not a budget</source>
            <translation>„{}“ ist kein Budget</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is not a device</source>
            <translation>„{}“ ist kein Gerät</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is not a regular expression: {} at position {}</source>
            <translation>„{}“ ist kein regulärer Ausdruck: {} an Stelle {}</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is not a size such as 512MB or 2GiB</source>
            <translation>„{}“ ist keine Größe wie 512MB oder 2GiB</translation>
        </message>
        <message>
            <source>&quot;{}&quot; is not a size such as 512x768</source>
            <translation>„{}“ ist keine Größe wie 512x768</translation>
        </message>
        <message>
            <source>&quot;{}&quot; may be more than one GPU</source>
            <translation>„{}“ kann mehr als eine GPU meinen</translation>
        </message>
        <message>
            <source>'mantissa analyze' says why each layer is kept</source>
            <translation>„mantissa analyze“ sagt, warum jede Schicht behalten wird</translation>
        </message>
        <message>
            <source>'mantissa calibrate' makes them</source>
            <translation>„mantissa calibrate“ erstellt sie</translation>
        </message>
        <message>
            <source>'mantissa formats' lists those that can</source>
            <translation>„mantissa formats“ zeigt die, bei denen es geht</translation>
        </message>
        <message>
            <source>'mantissa inspect' lists its components</source>
            <translation>„mantissa inspect“ zeigt seine Bestandteile</translation>
        </message>
        <message>
            <source>1 byte</source>
            <translation>1 Byte</translation>
        </message>
        <message>
            <source>1 tensor is not listed in the index; it was taken along</source>
            <translation>1 Tensor steht nicht im Index; er wurde mitgenommen</translation>
        </message>
        <message>
            <source>1×1 convolution</source>
            <translation>1×1-Faltung</translation>
        </message>
        <message>
            <source>AWQ needs the mean magnitudes of the layer's inputs</source>
            <translation>AWQ braucht die mittleren Beträge der Eingaben der Schicht</translation>
        </message>
        <message>
            <source>Cannot allocate memory</source>
            <translation>der Speicher reicht nicht</translation>
        </message>
        <message>
            <source>ConvRot needs scaling by row</source>
            <translation>ConvRot braucht Skalierung nach Zeilen</translation>
        </message>
        <message>
            <source>ConvRot turns groups of 4, 16, 64, 256, 1024 or 4096 columns, not {}</source>
            <translation>ConvRot dreht Gruppen von 4, 16, 64, 256, 1024 oder 4096 Spalten, nicht {}</translation>
        </message>
        <message>
            <source>Disk quota exceeded</source>
            <translation>das Kontingent auf dem Datenträger ist erschöpft</translation>
        </message>
        <message>
            <source>FLIP is not defined for pictures of this size</source>
            <translation>FLIP ist für Bilder dieser Größe nicht definiert</translation>
        </message>
        <message>
            <source>FLUX.1 Kontext, Qwen-Image-Edit and FLUX.2 do</source>
            <translation>FLUX.1 Kontext, Qwen-Image-Edit und FLUX.2 tun es</translation>
        </message>
        <message>
            <source>FLUX.1's relatives without vector_in (LongCat-Image) cannot be run yet</source>
            <translation>Verwandte von FLUX.1 ohne vector_in (LongCat-Image) laufen noch nicht</translation>
        </message>
        <message>
            <source>File exists</source>
            <translation>die Datei gibt es schon</translation>
        </message>
        <message>
            <source>File too large</source>
            <translation>die Datei ist zu groß</translation>
        </message>
        <message>
            <source>Hunyuan networks for pictures cannot be run yet</source>
            <translation>Hunyuan-Netze für Bilder laufen noch nicht</translation>
        </message>
        <message>
            <source>HunyuanVideo 1.5, with its picture encoder, cannot be run yet</source>
            <translation>HunyuanVideo 1.5 mit seinem Bild-Encoder läuft noch nicht</translation>
        </message>
        <message>
            <source>Input/output error</source>
            <translation>Ein-/Ausgabefehler</translation>
        </message>
        <message>
            <source>Is a directory</source>
            <translation>ist ein Ordner</translation>
        </message>
        <message>
            <source>Linear layer</source>
            <translation>lineare Schicht</translation>
        </message>
        <message>
            <source>NewBie networks, with their second text encoder, cannot be run yet</source>
            <translation>NewBie-Netze mit ihrem zweiten Text-Encoder laufen noch nicht</translation>
        </message>
        <message>
            <source>No space left on device</source>
            <translation>auf dem Datenträger ist kein Platz mehr</translation>
        </message>
        <message>
            <source>No such file or directory</source>
            <translation>Datei oder Ordner gibt es nicht</translation>
        </message>
        <message>
            <source>Not a directory</source>
            <translation>ist kein Ordner</translation>
        </message>
        <message>
            <source>Operation not permitted</source>
            <translation>Vorgang nicht erlaubt</translation>
        </message>
        <message>
            <source>Ovis-Image, FLUX.1's relative, cannot be run yet</source>
            <translation>Ovis-Image, ein Verwandter von FLUX.1, läuft noch nicht</translation>
        </message>
        <message>
            <source>Permission denied</source>
            <translation>keine Berechtigung</translation>
        </message>
        <message>
            <source>PixArt networks with compressed keys cannot be run yet</source>
            <translation>PixArt-Netze mit komprimierten Keys laufen noch nicht</translation>
        </message>
        <message>
            <source>Qwen-Image-Layered cannot be run yet</source>
            <translation>Qwen-Image-Layered läuft noch nicht</translation>
        </message>
        <message>
            <source>Read-only file system</source>
            <translation>das Dateisystem ist schreibgeschützt</translation>
        </message>
        <message>
            <source>SmoothQuant needs the largest inputs of the layer and some tokens</source>
            <translation>SmoothQuant braucht die größten Eingaben der Schicht und einige Token</translation>
        </message>
        <message>
            <source>Stale file handle</source>
            <translation>die Datei ist auf dem Server nicht mehr da</translation>
        </message>
        <message>
            <source>Too many levels of symbolic links</source>
            <translation>zu viele symbolische Verweise</translation>
        </message>
        <message>
            <source>Too many open files</source>
            <translation>zu viele offene Dateien</translation>
        </message>
        <message>
            <source>U+{:04X} cannot be normalised</source>
            <translation>U+{} lässt sich nicht normalisieren</translation>
        </message>
        <message>
            <source>WAN networks of the kind {} cannot be run yet</source>
            <translation>WAN-Netze der Art {} laufen noch nicht</translation>
        </message>
        <message>
            <source>__metadata__ must be an object of texts</source>
            <translation>__metadata__ muss ein Objekt aus Texten sein</translation>
        </message>
        <message>
            <source>__metadata__ names {} twice</source>
            <translation>__metadata__ nennt {} zweimal</translation>
        </message>
        <message>
            <source>__metadata__ occurs twice</source>
            <translation>__metadata__ kommt zweimal vor</translation>
        </message>
        <message>
            <source>_exclusions must be a list of patterns</source>
            <translation>_exclusions muss eine Liste von Mustern sein</translation>
        </message>
        <message>
            <source>`mantissa architectures` lists all ids</source>
            <translation>`mantissa architectures` zeigt alle Kennungen</translation>
        </message>
        <message>
            <source>`packaging/run --cuda` sets the GPU part up; an NVIDIA driver must be installed</source>
            <translation>`packaging/run --cuda` richtet den GPU-Teil ein; ein NVIDIA-Treiber muss installiert sein</translation>
        </message>
        <message>
            <source>`packaging/run` fetches it; or use a diffusers folder, whose tokenizer is read</source>
            <translation>`packaging/run` holt es; oder einen diffusers-Ordner verwenden, dessen Tokenizer gelesen wird</translation>
        </message>
        <message>
            <source>`packaging/run` fetches libtorch and builds the part that uses it</source>
            <translation>`packaging/run` holt libtorch und baut den Teil, der es benutzt</translation>
        </message>
        <message>
            <source>`{}` cannot be read: {}</source>
            <translation>`{}` lässt sich nicht lesen: {}</translation>
        </message>
        <message>
            <source>`{}` has {} bytes, too many for a layer's settings</source>
            <translation>`{}` hat {} Byte, zu viel für die Einstellungen einer Schicht</translation>
        </message>
        <message>
            <source>`{}` is a module of {}</source>
            <translation>`{}` ist ein Modul von {}</translation>
        </message>
        <message>
            <source>`{}` is a {}</source>
            <translation>`{}` ist eine {}</translation>
        </message>
        <message>
            <source>`{}` is too wide</source>
            <translation>`{}` ist zu breit</translation>
        </message>
        <message>
            <source>`{}` takes {} features</source>
            <translation>`{}` nimmt {} Merkmale</translation>
        </message>
        <message>
            <source>`{}` takes {} features, as in {}</source>
            <translation>`{}` nimmt {} Merkmale, wie in {}</translation>
        </message>
        <message>
            <source>`{}` {} is there</source>
            <translation>`{}` {} ist da</translation>
        </message>
        <message>
            <source>a LoRA of rank {} holds nothing</source>
            <translation>eine LoRA vom Rang {} enthält nichts</translation>
        </message>
        <message>
            <source>a SentencePiece model of {} bytes is not plausible</source>
            <translation>ein SentencePiece-Modell von {} Byte ist nicht glaubhaft</translation>
        </message>
        <message>
            <source>a branch of rank {} needs a matrix of at least {} rows and columns, not [{}, {}]</source>
            <translation>ein Zweig vom Rang {} braucht eine Matrix von mindestens {} Zeilen und Spalten, nicht [{}, {}]</translation>
        </message>
        <message>
            <source>a budget needs at least one format to choose from</source>
            <translation>ein Budget braucht mindestens ein Format zur Wahl</translation>
        </message>
        <message>
            <source>a checkpoint must map names to tensors, as a state_dict does</source>
            <translation>eine Modelldatei muss Namen Tensoren zuordnen, wie ein state_dict es tut</translation>
        </message>
        <message>
            <source>a colon</source>
            <translation>ein Doppelpunkt</translation>
        </message>
        <message>
            <source>a comma</source>
            <translation>ein Komma</translation>
        </message>
        <message>
            <source>a comparison needs at least one prompt and one seed</source>
            <translation>ein Vergleich braucht mindestens einen Prompt und einen Startwert</translation>
        </message>
        <message>
            <source>a comparison needs at least two folders</source>
            <translation>ein Vergleich braucht mindestens zwei Ordner</translation>
        </message>
        <message>
            <source>a comparison needs at least two variants</source>
            <translation>ein Vergleich braucht mindestens zwei Varianten</translation>
        </message>
        <message>
            <source>a convolution with fewer than 64 inputs a group: small, and all others see its output</source>
            <translation>eine Faltung mit weniger als 64 Eingaben je Gruppe: klein, und alle anderen sehen ihre Ausgabe</translation>
        </message>
        <message>
            <source>a defaultdict has a factory that is not a type</source>
            <translation>die Fabrik eines defaultdict ist kein Typ</translation>
        </message>
        <message>
            <source>a device</source>
            <translation>ein Gerät</translation>
        </message>
        <message>
            <source>a directory</source>
            <translation>ein Ordner</translation>
        </message>
        <message>
            <source>a directory record is broken</source>
            <translation>ein Verzeichniseintrag ist fehlerhaft</translation>
        </message>
        <message>
            <source>a file is needed here, but this is {}</source>
            <translation>hier wird eine Datei gebraucht, aber das ist {}</translation>
        </message>
        <message>
            <source>a file of the name that the unfinished output would have exists, and no calibration left it there</source>
            <translation>es gibt schon eine Datei mit dem Namen der unfertigen Ausgabe, und keine Kalibrierung hat sie hinterlassen</translation>
        </message>
        <message>
            <source>a file of the name that the unfinished output would have exists, and no export of Mantissa left it there</source>
            <translation>es gibt schon eine Datei mit dem Namen der unfertigen Ausgabe, und kein Export von Mantissa hat sie hinterlassen</translation>
        </message>
        <message>
            <source>a folder must have model_index.json, an *.index.json, or a safetensors or PyTorch file</source>
            <translation>ein Ordner muss model_index.json, eine *.index.json oder eine safetensors- oder PyTorch-Datei haben</translation>
        </message>
        <message>
            <source>a global has a name that is not a text</source>
            <translation>ein globaler Name ist kein Text</translation>
        </message>
        <message>
            <source>a histogram has bins of width 2^{}</source>
            <translation>ein Histogramm hat Klassen der Breite 2^{}</translation>
        </message>
        <message>
            <source>a job of the queue is incomplete</source>
            <translation>ein Auftrag der Warteschlange ist unvollständig</translation>
        </message>
        <message>
            <source>a layer config cannot name the format {}</source>
            <translation>eine Layer-Config kann das Format {} nicht nennen</translation>
        </message>
        <message>
            <source>a layer has no choice of format</source>
            <translation>eine Schicht hat kein Format zur Wahl</translation>
        </message>
        <message>
            <source>a layer has no name</source>
            <translation>eine Schicht hat keinen Namen</translation>
        </message>
        <message>
            <source>a layer needs a format</source>
            <translation>eine Schicht braucht ein Format</translation>
        </message>
        <message>
            <source>a layer that is kept takes no format settings</source>
            <translation>eine Schicht, die behalten wird, nimmt keine Format-Einstellungen</translation>
        </message>
        <message>
            <source>a list</source>
            <translation>eine Liste</translation>
        </message>
        <message>
            <source>a list in brackets must end on its line</source>
            <translation>eine Liste in Klammern muss in ihrer Zeile enden</translation>
        </message>
        <message>
            <source>a list is made from something that is not one</source>
            <translation>eine Liste entsteht aus etwas, das keine ist</translation>
        </message>
        <message>
            <source>a list of dimensions</source>
            <translation>eine Liste von Dimensionen</translation>
        </message>
        <message>
            <source>a list of texts</source>
            <translation>eine Liste von Texten</translation>
        </message>
        <message>
            <source>a list of whole numbers</source>
            <translation>eine Liste ganzer Zahlen</translation>
        </message>
        <message>
            <source>a map has a key without a value</source>
            <translation>eine Zuordnung hat einen Schlüssel ohne Wert</translation>
        </message>
        <message>
            <source>a map is made from a list that does not hold pairs</source>
            <translation>eine Zuordnung entsteht aus einer Liste, die keine Paare enthält</translation>
        </message>
        <message>
            <source>a map is made from something that is not one</source>
            <translation>eine Zuordnung entsteht aus etwas, das keine ist</translation>
        </message>
        <message>
            <source>a memo place is not a number</source>
            <translation>ein Merkplatz ist keine Zahl</translation>
        </message>
        <message>
            <source>a metadata entry</source>
            <translation>ein Metadaten-Eintrag</translation>
        </message>
        <message>
            <source>a model is probed as it is, not with a plan of it</source>
            <translation>ein Modell wird erprobt, wie es ist, nicht mit einem Plan dafür</translation>
        </message>
        <message>
            <source>a named pipe</source>
            <translation>eine benannte Pipe</translation>
        </message>
        <message>
            <source>a norm or bias of {} does not have one number for each of {} channels</source>
            <translation>eine Norm oder ein Bias von {} hat nicht je eine Zahl für {} Kanäle</translation>
        </message>
        <message>
            <source>a number</source>
            <translation>eine Zahl</translation>
        </message>
        <message>
            <source>a number is not one</source>
            <translation>eine Zahl ist keine</translation>
        </message>
        <message>
            <source>a number that is not a whole one</source>
            <translation>eine Zahl, die keine ganze ist</translation>
        </message>
        <message>
            <source>a parameter is not made from a tensor</source>
            <translation>ein Parameter entsteht nicht aus einem Tensor</translation>
        </message>
        <message>
            <source>a part of the path is a file, not a folder</source>
            <translation>ein Teil des Pfads ist eine Datei, kein Ordner</translation>
        </message>
        <message>
            <source>a picture of {} × {} cannot be written</source>
            <translation>ein Bild von {} × {} lässt sich nicht schreiben</translation>
        </message>
        <message>
            <source>a picture of {}×{} pixels has no whole patches of {}</source>
            <translation>ein Bild von {}×{} Pixeln hat keine ganzen Kacheln von {}</translation>
        </message>
        <message>
            <source>a plain value is made with named arguments</source>
            <translation>ein einfacher Wert wird mit benannten Argumenten gemacht</translation>
        </message>
        <message>
            <source>a plan begins with &quot;schema&quot;: &quot;{}&quot;</source>
            <translation>ein Plan beginnt mit &quot;schema&quot;: &quot;{}&quot;</translation>
        </message>
        <message>
            <source>a plan has at most {} rules</source>
            <translation>ein Plan hat höchstens {} Regeln</translation>
        </message>
        <message>
            <source>a preset cannot have this name</source>
            <translation>eine Vorlage kann diesen Namen nicht haben</translation>
        </message>
        <message>
            <source>a prompt has no description</source>
            <translation>ein Prompt hat keine Beschreibung</translation>
        </message>
        <message>
            <source>a quoted key</source>
            <translation>ein Schlüssel in Anführungszeichen</translation>
        </message>
        <message>
            <source>a read beyond the end of a tensor was asked for</source>
            <translation>über das Ende eines Tensors hinaus sollte gelesen werden</translation>
        </message>
        <message>
            <source>a read beyond the end of {} was asked for</source>
            <translation>über das Ende von {} hinaus sollte gelesen werden</translation>
        </message>
        <message>
            <source>a read of a tensor that does not exist was asked for</source>
            <translation>ein Tensor sollte gelesen werden, den es nicht gibt</translation>
        </message>
        <message>
            <source>a reduced model says its axes in the metadata (config: axes_dim)</source>
            <translation>ein verkleinertes Modell nennt seine Achsen in den Metadaten (config: axes_dim)</translation>
        </message>
        <message>
            <source>a reduced model says its groups in the metadata (config: norm_groups)</source>
            <translation>ein verkleinertes Modell nennt seine Gruppen in den Metadaten (config: norm_groups)</translation>
        </message>
        <message>
            <source>a reference picture has {}x{} pixels; its sides must be multiples of {}</source>
            <translation>ein Vorlagebild hat {}x{} Pixel; seine Seiten müssen Vielfache von {} sein</translation>
        </message>
        <message>
            <source>a rotary axis {} wide does not fit heads of {}</source>
            <translation>eine Drehachse der Breite {} passt nicht zu Köpfen von {}</translation>
        </message>
        <message>
            <source>a rule is PATTERN=TYPE</source>
            <translation>eine Regel ist MUSTER=TYP</translation>
        </message>
        <message>
            <source>a rule needs a pattern</source>
            <translation>eine Regel braucht ein Muster</translation>
        </message>
        <message>
            <source>a safetensors file cannot hold a tensor of this name</source>
            <translation>eine safetensors-Datei kann keinen Tensor dieses Namens enthalten</translation>
        </message>
        <message>
            <source>a second, averaged copy of the weights that loaders ignore</source>
            <translation>eine zweite, gemittelte Kopie der Gewichte, die Lader nicht beachten</translation>
        </message>
        <message>
            <source>a size of the file (6GB, 850MiB), a share of the original (60%), bits a weight (4.5bpw), the memory of a GPU (&quot;8GB GPU&quot;), or an error (&quot;0.5% error&quot;, 40dB)</source>
            <translation>eine Größe der Datei (6GB, 850MiB), ein Anteil des Originals (60%), Bit je Gewicht (4.5bpw), der Speicher einer GPU (&quot;8GB GPU&quot;), oder ein Fehler (&quot;0.5% error&quot;, 40dB)</translation>
        </message>
        <message>
            <source>a socket</source>
            <translation>ein Socket</translation>
        </message>
        <message>
            <source>a string</source>
            <translation>ein Text</translation>
        </message>
        <message>
            <source>a template must be edited first: put one of {} there, or replace it by &quot;skip&quot;: true</source>
            <translation>eine Schablone muss zuerst ausgefüllt werden: eines von {} dort eintragen, oder es durch &quot;skip&quot;: true ersetzen</translation>
        </message>
        <message>
            <source>a tensor has no dtype</source>
            <translation>ein Tensor hat keinen dtype</translation>
        </message>
        <message>
            <source>a tensor is rebuilt in an unknown way</source>
            <translation>ein Tensor wird auf unbekannte Weise wiederhergestellt</translation>
        </message>
        <message>
            <source>a tensor lacks its storage, offset, size or strides</source>
            <translation>einem Tensor fehlen Speicherbereich, Versatz, Größe oder Schrittweiten</translation>
        </message>
        <message>
            <source>a text</source>
            <translation>ein Text</translation>
        </message>
        <message>
            <source>a text cannot be normalised: {}</source>
            <translation>ein Text lässt sich nicht normalisieren: {}</translation>
        </message>
        <message>
            <source>a token id is outside of {}, which has {} rows</source>
            <translation>die Kennung eines Tokens liegt außerhalb von {}, das {} Zeilen hat</translation>
        </message>
        <message>
            <source>a value</source>
            <translation>ein Wert</translation>
        </message>
        <message>
            <source>a view reaches beyond its storage</source>
            <translation>eine Ansicht reicht über ihren Speicherbereich hinaus</translation>
        </message>
        <message>
            <source>a whole number</source>
            <translation>eine ganze Zahl</translation>
        </message>
        <message>
            <source>above</source>
            <translation>über</translation>
        </message>
        <message>
            <source>add --overwrite to replace it</source>
            <translation>mit --overwrite wird sie ersetzt</translation>
        </message>
        <message>
            <source>add --overwrite to replace it, or name another file</source>
            <translation>mit --overwrite wird sie ersetzt; oder eine andere Datei nennen</translation>
        </message>
        <message>
            <source>add --overwrite to replace it, or name another folder</source>
            <translation>mit --overwrite wird er ersetzt; oder einen anderen Ordner nennen</translation>
        </message>
        <message>
            <source>add --overwrite to replace it; what was converted is kept for --resume</source>
            <translation>mit --overwrite wird sie ersetzt; was konvertiert wurde, bleibt für --resume erhalten</translation>
        </message>
        <message>
            <source>an XXH3-128 is 32 hexadecimal digits in lower case</source>
            <translation>eine XXH3-128 besteht aus 32 hexadezimalen Ziffern in Kleinbuchstaben</translation>
        </message>
        <message>
            <source>an architecture file is broken: {}</source>
            <translation>eine Architektur-Datei ist fehlerhaft: {}</translation>
        </message>
        <message>
            <source>an empty picture cannot be compared</source>
            <translation>ein leeres Bild lässt sich nicht vergleichen</translation>
        </message>
        <message>
            <source>an exclusion must be a string</source>
            <translation>ein Ausschluss muss ein Text sein</translation>
        </message>
        <message>
            <source>an input clip is a number above zero that a float32 scale can hold, not {}</source>
            <translation>ein Eingabe-Schnitt ist eine Zahl über null, die eine float32-Skala fassen kann, nicht {}</translation>
        </message>
        <message>
            <source>an input has no description</source>
            <translation>eine Eingabe hat keine Beschreibung</translation>
        </message>
        <message>
            <source>an internal step failed: {}</source>
            <translation>ein innerer Schritt schlug fehl: {}</translation>
        </message>
        <message>
            <source>an object</source>
            <translation>ein Objekt</translation>
        </message>
        <message>
            <source>an object has no class</source>
            <translation>ein Objekt hat keine Klasse</translation>
        </message>
        <message>
            <source>an object that lists components is expected, but there is {}</source>
            <translation>ein Objekt, das Bestandteile aufzählt, wird erwartet, aber da ist {}</translation>
        </message>
        <message>
            <source>an object with weight_map is expected, but there is {}</source>
            <translation>ein Objekt mit weight_map wird erwartet, aber da ist {}</translation>
        </message>
        <message>
            <source>an unknown model has no variants</source>
            <translation>ein unbekanntes Modell hat keine Varianten</translation>
        </message>
        <message>
            <source>an unknown one</source>
            <translation>eine unbekannte</translation>
        </message>
        <message>
            <source>another export is writing this output</source>
            <translation>ein anderer Export schreibt diese Ausgabe</translation>
        </message>
        <message>
            <source>another program made the output meanwhile</source>
            <translation>ein anderes Programm hat die Ausgabe inzwischen angelegt</translation>
        </message>
        <message>
            <source>another window holds the file</source>
            <translation>ein anderes Fenster hält die Datei</translation>
        </message>
        <message>
            <source>as in ^vae\.=f16,model\.=q8_0</source>
            <translation>wie in ^vae\.=f16,model\.=q8_0</translation>
        </message>
        <message>
            <source>batch and steps start at 1, and strength is above 0 and at most 1</source>
            <translation>batch und Schritte beginnen bei 1, und die Stärke liegt über 0 und höchstens bei 1</translation>
        </message>
        <message>
            <source>begins at byte {} of the data, inside tensor {}, which ends at {}</source>
            <translation>beginnt bei Byte {} der Daten, innerhalb von Tensor {}, der bei {} endet</translation>
        </message>
        <message>
            <source>begins at byte {} of the data, not at a multiple of the alignment {}</source>
            <translation>beginnt bei Byte {} der Daten, nicht bei einem Vielfachen der Ausrichtung {}</translation>
        </message>
        <message>
            <source>begins at byte {} of the data, which leaves a hole from byte {} on</source>
            <translation>beginnt bei Byte {} der Daten, was eine Lücke ab Byte {} lässt</translation>
        </message>
        <message>
            <source>belongs to no network of the file</source>
            <translation>gehört zu keinem Netz der Datei</translation>
        </message>
        <message>
            <source>below</source>
            <translation>unter</translation>
        </message>
        <message>
            <source>beside the weights, {} was left out</source>
            <translation>neben den Gewichten blieb {} weg</translation>
        </message>
        <message>
            <source>beside the weights, {} were left out</source>
            <translation>neben den Gewichten blieben {} weg</translation>
        </message>
        <message>
            <source>bias correction needs the means of the layer's inputs</source>
            <translation>die Bias-Korrektur braucht die Mittelwerte der Eingaben der Schicht</translation>
        </message>
        <message>
            <source>binary data</source>
            <translation>Binärdaten</translation>
        </message>
        <message>
            <source>binary values do not occur in JSON</source>
            <translation>Binärwerte kommen in JSON nicht vor</translation>
        </message>
        <message>
            <source>block_size must be a whole number above zero</source>
            <translation>block_size muss eine ganze Zahl über null sein</translation>
        </message>
        <message>
            <source>blocks of {}</source>
            <translation>Blöcke von {}</translation>
        </message>
        <message>
            <source>bn does not have one mean and variance for each of {} channels</source>
            <translation>bn hat nicht je einen Mittelwert und eine Varianz für jeden von {} Kanälen</translation>
        </message>
        <message>
            <source>byte {}</source>
            <translation>Byte {}</translation>
        </message>
        <message>
            <source>calibrate this model, or name the file that they were made with</source>
            <translation>dieses Modell kalibrieren oder die Datei nennen, zu der sie gehört</translation>
        </message>
        <message>
            <source>calibrate this model, or take its own statistics</source>
            <translation>dieses Modell kalibrieren oder seine eigene Statistik nehmen</translation>
        </message>
        <message>
            <source>calibrating</source>
            <translation>Kalibrierung</translation>
        </message>
        <message>
            <source>calibration needs a file to write to</source>
            <translation>eine Kalibrierung braucht eine Datei, in die sie schreibt</translation>
        </message>
        <message>
            <source>calibration needs at least one component to watch</source>
            <translation>eine Kalibrierung braucht mindestens einen Bestandteil, der beobachtet wird</translation>
        </message>
        <message>
            <source>calibration needs at least one prompt</source>
            <translation>eine Kalibrierung braucht mindestens einen Prompt</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>abgebrochen</translation>
        </message>
        <message>
            <source>check that the folder exists, that you may write to it, and that the disk is not full</source>
            <translation>prüfen, ob es den Ordner gibt, ob Sie darin schreiben dürfen und ob der Datenträger nicht voll ist</translation>
        </message>
        <message>
            <source>check the path and its permissions</source>
            <translation>den Pfad und seine Rechte prüfen</translation>
        </message>
        <message>
            <source>check the permissions of the file and of the folders above it</source>
            <translation>die Rechte der Datei und der Ordner darüber prüfen</translation>
        </message>
        <message>
            <source>check the spelling of the path</source>
            <translation>die Schreibweise des Pfads prüfen</translation>
        </message>
        <message>
            <source>checking the statistics</source>
            <translation>die Statistik wird geprüft</translation>
        </message>
        <message>
            <source>choose a base format, or set layers to one</source>
            <translation>ein Grundformat wählen oder Schichten auf eines setzen</translation>
        </message>
        <message>
            <source>choose a folder that you may write to</source>
            <translation>einen Ordner wählen, in den Sie schreiben dürfen</translation>
        </message>
        <message>
            <source>choose another folder</source>
            <translation>einen anderen Ordner wählen</translation>
        </message>
        <message>
            <source>chunks of {} tokens cannot hold a word</source>
            <translation>Stücke von {} Token fassen kein Wort</translation>
        </message>
        <message>
            <source>close that window</source>
            <translation>dieses Fenster schließen</translation>
        </message>
        <message>
            <source>comparing</source>
            <translation>Vergleich</translation>
        </message>
        <message>
            <source>convert it to plain tensors with the program that made it</source>
            <translation>sie mit dem Programm, das sie gemacht hat, in einfache Tensoren umwandeln</translation>
        </message>
        <message>
            <source>converting</source>
            <translation>Konvertierung</translation>
        </message>
        <message>
            <source>cpu, cuda or cuda:1</source>
            <translation>cpu, cuda oder cuda:1</translation>
        </message>
        <message>
            <source>create it first</source>
            <translation>ihn zuerst anlegen</translation>
        </message>
        <message>
            <source>data_offsets of {} must be two numbers</source>
            <translation>{}: data_offsets müssen zwei Zahlen sein</translation>
        </message>
        <message>
            <source>decoding</source>
            <translation>Decodierung</translation>
        </message>
        <message>
            <source>detail</source>
            <translation>Einzelheit</translation>
        </message>
        <message>
            <source>diffusion network</source>
            <translation>Diffusionsnetz</translation>
        </message>
        <message>
            <source>do not load it with Python; 'mantissa inspect' lists all that it would run; look for the weights as safetensors, or take them out with 'mantissa convert --without-calls'</source>
            <translation>sie nicht mit Python laden; „mantissa inspect“ zeigt alles, was dabei liefe; nach den Gewichten als safetensors suchen, oder sie mit „mantissa convert --without-calls“ herausholen</translation>
        </message>
        <message>
            <source>download it again, or open the folder of another component alone</source>
            <translation>ihn erneut herunterladen, oder den Ordner eines anderen Bestandteils allein öffnen</translation>
        </message>
        <message>
            <source>download or copy it again</source>
            <translation>sie erneut herunterladen oder kopieren</translation>
        </message>
        <message>
            <source>download the folders that model_index.json lists</source>
            <translation>die Ordner herunterladen, die model_index.json nennt</translation>
        </message>
        <message>
            <source>emb_in has {} outputs for a network of {} channels</source>
            <translation>emb_in hat {} Ausgänge für ein Netz von {} Kanälen</translation>
        </message>
        <message>
            <source>encoding text</source>
            <translation>der Text wird codiert</translation>
        </message>
        <message>
            <source>ends at byte {} before it begins at {}</source>
            <translation>endet bei Byte {}, bevor er bei {} beginnt</translation>
        </message>
        <message>
            <source>ends at byte {} of the data, but the file holds only {}</source>
            <translation>endet bei Byte {} der Daten, aber die Datei enthält nur {}</translation>
        </message>
        <message>
            <source>examining {} failed unexpectedly: {}</source>
            <translation>die Untersuchung von {} schlug unerwartet fehl: {}</translation>
        </message>
        <message>
            <source>f32, f16, bf16, q8_0, q6_k, q5_k, q4_k, q4_0, …</source>
            <translation>f32, f16, bf16, q8_0, q6_k, q5_k, q4_k, q4_0, …</translation>
        </message>
        <message>
            <source>factors per channel do not go with a rotation</source>
            <translation>Faktoren je Kanal vertragen sich nicht mit einer Drehung</translation>
        </message>
        <message>
            <source>float8_e4m3fn, float8_e5m2 and nvfp4 store one</source>
            <translation>float8_e4m3fn, float8_e5m2 und nvfp4 speichern einen</translation>
        </message>
        <message>
            <source>float8_e4m3fn, float8_e5m2, int8_tensorwise, mxfp8 and nvfp4 can be said</source>
            <translation>float8_e4m3fn, float8_e5m2, int8_tensorwise, mxfp8 und nvfp4 können gesagt werden</translation>
        </message>
        <message>
            <source>fp16 is for CUDA devices</source>
            <translation>fp16 ist für CUDA-Geräte</translation>
        </message>
        <message>
            <source>free some space on that disk, or choose another folder for the output</source>
            <translation>auf diesem Datenträger Platz schaffen oder einen anderen Ordner für die Ausgabe wählen</translation>
        </message>
        <message>
            <source>free some space there, or set a higher --memory-limit</source>
            <translation>dort Platz schaffen oder ein höheres --memory-limit setzen</translation>
        </message>
        <message>
            <source>full-precision multiply</source>
            <translation>Produkt in voller Genauigkeit</translation>
        </message>
        <message>
            <source>get the ordinary file, or convert it with the program that made it</source>
            <translation>die gewöhnliche Datei besorgen, oder sie mit dem Programm umwandeln, das sie gemacht hat</translation>
        </message>
        <message>
            <source>give its output with --embeddings FILE (a safetensors file with a tensor named context)</source>
            <translation>seine Ausgabe mit --embeddings DATEI geben (eine safetensors-Datei mit einem Tensor namens context)</translation>
        </message>
        <message>
            <source>has a layer without name or choices</source>
            <translation>hat eine Schicht ohne Namen oder Wahl</translation>
        </message>
        <message>
            <source>has a shape that overflows</source>
            <translation>hat eine Form, die überläuft</translation>
        </message>
        <message>
            <source>has a shape that overflows or does not fill whole bytes</source>
            <translation>hat eine Form, die überläuft oder keine ganzen Byte füllt</translation>
        </message>
        <message>
            <source>has a size or strides that make no sense</source>
            <translation>hat eine Größe oder Schrittweiten ohne Sinn</translation>
        </message>
        <message>
            <source>has an entry without a choice</source>
            <translation>hat einen Eintrag ohne Wahl</translation>
        </message>
        <message>
            <source>has the shape [{}], which does not fit its original shape [{}]</source>
            <translation>hat die Form [{}], die nicht zu seiner ursprünglichen Form [{}] passt</translation>
        </message>
        <message>
            <source>has {} columns, which do not fill the blocks of {} of its type {}</source>
            <translation>hat {} Spalten, die die Blöcke von {} seines Typs {} nicht füllen</translation>
        </message>
        <message>
            <source>heads of {} channels cannot be turned in pairs</source>
            <translation>Köpfe von {} Kanälen lassen sich nicht paarweise drehen</translation>
        </message>
        <message>
            <source>held-out tokens are no rows of {} numbers</source>
            <translation>zurückgehaltene Token sind keine Zeilen von {} Zahlen</translation>
        </message>
        <message>
            <source>if a checkpoint is inside, unpack it first</source>
            <translation>falls eine Modelldatei darin ist, sie zuerst entpacken</translation>
        </message>
        <message>
            <source>index and shards are of different versions; download the set again</source>
            <translation>Index und Teile haben verschiedene Versionen; den Satz erneut herunterladen</translation>
        </message>
        <message>
            <source>info</source>
            <translation>Meldung</translation>
        </message>
        <message>
            <source>inputs cut at {:.6g}</source>
            <translation>Eingaben abgeschnitten bei {}</translation>
        </message>
        <message>
            <source>install Mantissa again, or write the sample with `mantissa sample`</source>
            <translation>Mantissa neu installieren, oder das Beispiel mit `mantissa sample` schreiben</translation>
        </message>
        <message>
            <source>is larger than any file can be</source>
            <translation>ist größer, als eine Datei sein kann</translation>
        </message>
        <message>
            <source>is named twice</source>
            <translation>wird zweimal genannt</translation>
        </message>
        <message>
            <source>is none, or of another version</source>
            <translation>ist keine, oder hat eine andere Version</translation>
        </message>
        <message>
            <source>it adds elements to something that is not a list</source>
            <translation>es fügt Elemente in etwas ein, das keine Liste ist</translation>
        </message>
        <message>
            <source>it calls a name that only stands for a type</source>
            <translation>sie ruft einen Namen auf, der nur für einen Typ steht</translation>
        </message>
        <message>
            <source>it can be inspected and converted all the same</source>
            <translation>untersuchen und konvertieren lässt es sich trotzdem</translation>
        </message>
        <message>
            <source>it can be mixed with layers that stay as they are; formats that stock ComfyUI loads mix freely</source>
            <translation>es lässt sich mit Schichten mischen, die bleiben, wie sie sind; Formate, die ComfyUI ohne Erweiterung lädt, lassen sich frei mischen</translation>
        </message>
        <message>
            <source>it goes back to a mark that was not set</source>
            <translation>es geht zu einer Marke zurück, die nicht gesetzt wurde</translation>
        </message>
        <message>
            <source>it has more than {} tensors</source>
            <translation>es sind mehr als {} Tensoren</translation>
        </message>
        <message>
            <source>it has no directory</source>
            <translation>es hat kein Verzeichnis</translation>
        </message>
        <message>
            <source>it has no variants</source>
            <translation>sie hat keine Varianten</translation>
        </message>
        <message>
            <source>it has the unknown protocol {}</source>
            <translation>es hat das unbekannte Protokoll {}</translation>
        </message>
        <message>
            <source>it has: {}</source>
            <translation>sie hat: {}</translation>
        </message>
        <message>
            <source>it holds values that are too large for float16</source>
            <translation>es sind Werte darin, die für float16 zu groß sind</translation>
        </message>
        <message>
            <source>it is nested too deeply</source>
            <translation>es ist zu tief verschachtelt</translation>
        </message>
        <message>
            <source>it is no regular file: name another</source>
            <translation>es ist keine gewöhnliche Datei: eine andere nennen</translation>
        </message>
        <message>
            <source>it is not valid JSON</source>
            <translation>es ist kein gültiges JSON</translation>
        </message>
        <message>
            <source>it is not valid UTF-8 text</source>
            <translation>es ist kein gültiger UTF-8-Text</translation>
        </message>
        <message>
            <source>it is {} bytes long, more than any real one</source>
            <translation>sie ist {} Byte lang, mehr als jede echte</translation>
        </message>
        <message>
            <source>it lists too many components</source>
            <translation>sie zählt zu viele Bestandteile auf</translation>
        </message>
        <message>
            <source>it must be a JSON object</source>
            <translation>es muss ein JSON-Objekt sein</translation>
        </message>
        <message>
            <source>it needs buffers that are not in the file</source>
            <translation>sie braucht Puffer, die nicht in der Datei sind</translation>
        </message>
        <message>
            <source>it recalls a value that was not stored</source>
            <translation>es ruft einen Wert ab, der nicht gemerkt wurde</translation>
        </message>
        <message>
            <source>it refers to something outside that is not a storage</source>
            <translation>sie verweist nach außen auf etwas, das kein Speicherbereich ist</translation>
        </message>
        <message>
            <source>it sets entries of something that is not a map</source>
            <translation>es setzt Einträge in etwas, das keine Zuordnung ist</translation>
        </message>
        <message>
            <source>it takes a value from an empty stack</source>
            <translation>es nimmt einen Wert von einem leeren Stapel</translation>
        </message>
        <message>
            <source>it takes more memory than any real one</source>
            <translation>sie braucht mehr Speicher als jede echte</translation>
        </message>
        <message>
            <source>it takes more steps than any real one</source>
            <translation>es braucht mehr Schritte als jedes echte</translation>
        </message>
        <message>
            <source>it uses more memo places than any real one</source>
            <translation>es benutzt mehr Merkplätze als jedes echte</translation>
        </message>
        <message>
            <source>it would make more calls than can be listed</source>
            <translation>sie würde mehr aufrufen, als sich aufzählen lässt</translation>
        </message>
        <message>
            <source>its directory claims {} entries in {} bytes</source>
            <translation>sein Verzeichnis gibt {} Einträge in {} Byte an</translation>
        </message>
        <message>
            <source>its directory has more records than it claims</source>
            <translation>sein Verzeichnis hat mehr Einträge, als es angibt</translation>
        </message>
        <message>
            <source>its directory is not where it should be</source>
            <translation>sein Verzeichnis liegt nicht, wo es liegen sollte</translation>
        </message>
        <message>
            <source>its end, where the directory is, is missing</source>
            <translation>sein Ende, wo das Verzeichnis liegt, fehlt</translation>
        </message>
        <message>
            <source>its mark</source>
            <translation>seine Kennung</translation>
        </message>
        <message>
            <source>its stack grows beyond that of any real one</source>
            <translation>sein Stapel wächst über den jedes echten hinaus</translation>
        </message>
        <message>
            <source>its storage {} has {} bytes, but {} are expected</source>
            <translation>sein Speicherbereich {} hat {} Byte, aber {} werden erwartet</translation>
        </message>
        <message>
            <source>its storage {} is not in the archive</source>
            <translation>sein Speicherbereich {} ist nicht im Archiv</translation>
        </message>
        <message>
            <source>its two end records differ</source>
            <translation>seine beiden Endeinträge unterscheiden sich</translation>
        </message>
        <message>
            <source>its variants are {}</source>
            <translation>die Varianten sind {}</translation>
        </message>
        <message>
            <source>its version</source>
            <translation>seine Version</translation>
        </message>
        <message>
            <source>its zip64 record is missing</source>
            <translation>sein zip64-Eintrag fehlt</translation>
        </message>
        <message>
            <source>its zip64 record is out of place</source>
            <translation>sein zip64-Eintrag liegt an der falschen Stelle</translation>
        </message>
        <message>
            <source>join the parts first</source>
            <translation>die Teile zuerst zusammenfügen</translation>
        </message>
        <message>
            <source>keep</source>
            <translation>behalten</translation>
        </message>
        <message>
            <source>keeping layers is always possible and needs no format</source>
            <translation>Schichten zu behalten ist immer möglich und braucht kein Format</translation>
        </message>
        <message>
            <source>known are {}</source>
            <translation>bekannt sind {}</translation>
        </message>
        <message>
            <source>larger than any real configuration</source>
            <translation>größer als jede echte Konfiguration</translation>
        </message>
        <message>
            <source>largest inputs</source>
            <translation>größte Eingaben</translation>
        </message>
        <message>
            <source>libmantissa_torch belongs to another build</source>
            <translation>libmantissa_torch gehört zu einem anderen Build</translation>
        </message>
        <message>
            <source>libtorch cannot be loaded: {}</source>
            <translation>libtorch lässt sich nicht laden: {}</translation>
        </message>
        <message>
            <source>libtorch finds no CUDA device on this machine</source>
            <translation>libtorch findet auf diesem Rechner kein CUDA-Gerät</translation>
        </message>
        <message>
            <source>libtorch: {}</source>
            <translation>libtorch: {}</translation>
        </message>
        <message>
            <source>line {}</source>
            <translation>Zeile {}</translation>
        </message>
        <message>
            <source>lists no layers</source>
            <translation>nennt keine Schichten</translation>
        </message>
        <message>
            <source>load and save it again on an ordinary machine</source>
            <translation>sie auf einer gewöhnlichen Maschine laden und neu speichern</translation>
        </message>
        <message>
            <source>loading this file with Python would make 1 call, left out here ({})</source>
            <translation>beim Laden dieser Datei mit Python liefe 1 Aufruf, hier weggelassen ({})</translation>
        </message>
        <message>
            <source>loading this file with Python would make {} calls, left out here ({})</source>
            <translation>beim Laden dieser Datei mit Python liefen {} Aufrufe, hier weggelassen ({})</translation>
        </message>
        <message>
            <source>loading this file with Python would run {}, which weights never need</source>
            <translation>beim Laden dieser Datei mit Python liefe {}, was Gewichte nie brauchen</translation>
        </message>
        <message>
            <source>looking at what is finished</source>
            <translation>Fertiges wird geprüft</translation>
        </message>
        <message>
            <source>make an ordinary file of it first: mantissa convert FILE -o OUT.safetensors</source>
            <translation>zuerst eine gewöhnliche Datei daraus machen: mantissa convert DATEI -o AUSGABE.safetensors</translation>
        </message>
        <message>
            <source>make both with the same --components and the same version</source>
            <translation>beide mit denselben --components und derselben Version erstellen</translation>
        </message>
        <message>
            <source>make them again with 'mantissa calibrate'</source>
            <translation>sie mit „mantissa calibrate“ neu erstellen</translation>
        </message>
        <message>
            <source>masks are for inpainting networks: U-Nets of 9 input channels and FLUX.1 Fill</source>
            <translation>Masken sind für Inpainting-Netze: U-Nets mit 9 Eingangskanälen und FLUX.1 Fill</translation>
        </message>
        <message>
            <source>mean magnitudes</source>
            <translation>mittlere Beträge</translation>
        </message>
        <message>
            <source>means</source>
            <translation>Mittelwerte</translation>
        </message>
        <message>
            <source>measure again: name another file, or remove this one</source>
            <translation>neu messen: eine andere Datei nennen oder diese löschen</translation>
        </message>
        <message>
            <source>measuring</source>
            <translation>Messung</translation>
        </message>
        <message>
            <source>merge runs over different prompts, or with different seeds</source>
            <translation>Läufe über verschiedene Prompts oder mit verschiedenen Startwerten zusammenfassen</translation>
        </message>
        <message>
            <source>merge {} of the tokenizer is not a pair</source>
            <translation>der Merge {} des Tokenizers ist kein Paar</translation>
        </message>
        <message>
            <source>merging</source>
            <translation>Zusammenfassung</translation>
        </message>
        <message>
            <source>merging takes at least two files of statistics</source>
            <translation>zum Zusammenfassen braucht es mindestens zwei Dateien mit Statistik</translation>
        </message>
        <message>
            <source>metadata entry {}</source>
            <translation>Metadaten-Eintrag {}</translation>
        </message>
        <message>
            <source>metadata must be UTF-8 text</source>
            <translation>Metadaten müssen UTF-8-Text sein</translation>
        </message>
        <message>
            <source>models that predict &quot;{}&quot; cannot be sampled yet</source>
            <translation>Modelle, die „{}“ vorhersagen, lassen sich noch nicht zum Zeichnen verwenden</translation>
        </message>
        <message>
            <source>most frequent: {}</source>
            <translation>am häufigsten: {}</translation>
        </message>
        <message>
            <source>most often: {} ('mantissa analyze' shows every layer)</source>
            <translation>am häufigsten: {} („mantissa analyze“ zeigt jede Schicht)</translation>
        </message>
        <message>
            <source>move it away, or name another output</source>
            <translation>sie verschieben oder eine andere Ausgabe nennen</translation>
        </message>
        <message>
            <source>name a checkpoint file</source>
            <translation>eine Modelldatei nennen</translation>
        </message>
        <message>
            <source>name a checkpoint that torch.save or safetensors wrote</source>
            <translation>eine Modelldatei nennen, die torch.save oder safetensors geschrieben hat</translation>
        </message>
        <message>
            <source>name a file inside it</source>
            <translation>eine Datei darin nennen</translation>
        </message>
        <message>
            <source>name a file that has a {} with --with</source>
            <translation>mit --with eine Datei nennen, die {} hat</translation>
        </message>
        <message>
            <source>name a file with prompts</source>
            <translation>eine Datei mit Prompts nennen</translation>
        </message>
        <message>
            <source>name a format, or fewer exclusions</source>
            <translation>ein Format nennen oder weniger ausschließen</translation>
        </message>
        <message>
            <source>name another file</source>
            <translation>eine andere Datei nennen</translation>
        </message>
        <message>
            <source>name another folder with --cache</source>
            <translation>mit --cache einen anderen Ordner nennen</translation>
        </message>
        <message>
            <source>name another output; the input is never changed</source>
            <translation>eine andere Ausgabe nennen; die Eingabe wird nie verändert</translation>
        </message>
        <message>
            <source>name it as its driver does, or by compute capability: &quot;sm_89&quot;</source>
            <translation>sie nennen, wie ihr Treiber sie nennt, oder nach Compute Capability: &quot;sm_89&quot;</translation>
        </message>
        <message>
            <source>name its spiece.model with --tokenizer</source>
            <translation>sein spiece.model mit --tokenizer nennen</translation>
        </message>
        <message>
            <source>name no prompts to have the texts numbered</source>
            <translation>keine Prompts nennen, damit die Texte nummeriert werden</translation>
        </message>
        <message>
            <source>name one with --reference</source>
            <translation>eine mit --reference nennen</translation>
        </message>
        <message>
            <source>name the VAE of this family with --with</source>
            <translation>den VAE dieser Familie mit --with nennen</translation>
        </message>
        <message>
            <source>name the checkpoint file itself</source>
            <translation>die Modelldatei selbst nennen</translation>
        </message>
        <message>
            <source>name the checkpoint itself, its *.index.json or its folder</source>
            <translation>die Modelldatei selbst, ihre *.index.json oder ihren Ordner nennen</translation>
        </message>
        <message>
            <source>name the network's file with -m and this one with --with</source>
            <translation>die Datei des Netzes mit -m nennen und diese mit --with</translation>
        </message>
        <message>
            <source>name the one to open</source>
            <translation>die Datei nennen, die geöffnet werden soll</translation>
        </message>
        <message>
            <source>name the picture with --image</source>
            <translation>das Bild mit --image nennen</translation>
        </message>
        <message>
            <source>name the picture with --image, and with --mask one that is white where it is made anew</source>
            <translation>das Bild mit --image nennen, und mit --mask eines, das weiß ist, wo neu gezeichnet wird</translation>
        </message>
        <message>
            <source>name the state of lpips.LPIPS, or its linear layers and torchvision's network, in two files</source>
            <translation>den Zustand von lpips.LPIPS nennen, oder seine linearen Schichten und das Netz von torchvision, in zwei Dateien</translation>
        </message>
        <message>
            <source>name them with --calibration; 'mantissa calibrate' makes them</source>
            <translation>sie mit --calibration nennen; „mantissa calibrate“ erstellt sie</translation>
        </message>
        <message>
            <source>name them with --calibration; 'mantissa calibrate' makes them, or 'mantissa quantize --prompts'</source>
            <translation>sie mit --calibration nennen; „mantissa calibrate“ erstellt sie, oder „mantissa quantize --prompts“</translation>
        </message>
        <message>
            <source>names of layers have no &quot;.weight&quot; or &quot;.bias&quot;: {} may match nothing</source>
            <translation>Namen von Schichten haben kein „.weight“ oder „.bias“: {} passt vielleicht auf nichts</translation>
        </message>
        <message>
            <source>near are {}</source>
            <translation>ähnlich sind {}</translation>
        </message>
        <message>
            <source>needs {} bytes for its shape as {}, but data_offsets span {}</source>
            <translation>braucht {} Byte für seine Form als {}, aber data_offsets umfassen {}</translation>
        </message>
        <message>
            <source>needs {} bytes from byte {} of the data on, but the file holds only {}</source>
            <translation>braucht {} Byte ab Byte {} der Daten, aber die Datei enthält nur {}</translation>
        </message>
        <message>
            <source>negative_context, y and negative_y are used where they are there</source>
            <translation>negative_context, y und negative_y werden verwendet, wo sie da sind</translation>
        </message>
        <message>
            <source>nested scales are shared by {} blocks, not by {}</source>
            <translation>verschachtelte Skalen teilen sich {} Blöcke, nicht {}</translation>
        </message>
        <message>
            <source>nested scales of {} follow from all blocks together: methods take scaling &quot;block&quot;</source>
            <translation>verschachtelte Skalen von {} folgen aus allen Blöcken zusammen: Verfahren nehmen die Skalierung „block“</translation>
        </message>
        <message>
            <source>no GPU of the table is called &quot;{}&quot;</source>
            <translation>keine GPU der Tabelle heißt „{}“</translation>
        </message>
        <message>
            <source>no component of the pipeline has weights</source>
            <translation>kein Bestandteil der Pipeline hat Gewichte</translation>
        </message>
        <message>
            <source>no format is filled in for {}</source>
            <translation>für {} ist kein Format eingetragen</translation>
        </message>
        <message>
            <source>no format is named</source>
            <translation>es ist kein Format genannt</translation>
        </message>
        <message>
            <source>no known network has these keys; {} of them are weights with two dimensions or more</source>
            <translation>kein bekanntes Netz hat diese Schlüssel; {} davon sind Gewichte mit zwei Dimensionen oder mehr</translation>
        </message>
        <message>
            <source>no known runtime loads it</source>
            <translation>keine bekannte Laufzeit lädt das</translation>
        </message>
        <message>
            <source>no known schema</source>
            <translation>keinem bekannten Schema</translation>
        </message>
        <message>
            <source>no loader reads an embedding in {}</source>
            <translation>kein Lader liest eine Einbettung in {}</translation>
        </message>
        <message>
            <source>no mix of these formats fits into {} bytes: the smallest takes {}</source>
            <translation>keine Mischung dieser Formate passt in {} Byte: die kleinste braucht {}</translation>
        </message>
        <message>
            <source>no mix of these formats has at most {:g} % error but the original</source>
            <translation>keine Mischung dieser Formate außer dem Original hat höchstens {} % Fehler</translation>
        </message>
        <message>
            <source>no picture here has a partner that it can be compared with</source>
            <translation>kein Bild hier hat einen Partner, mit dem es verglichen werden kann</translation>
        </message>
        <message>
            <source>no pipe to {}: {}</source>
            <translation>keine Pipe zu {}: {}</translation>
        </message>
        <message>
            <source>no published U-Net has these widths: unet (custom), treated as {}</source>
            <translation>kein veröffentlichtes U-Net hat diese Breiten: unet (custom), behandelt als {}</translation>
        </message>
        <message>
            <source>no such hidden state</source>
            <translation>diesen verborgenen Zustand gibt es nicht</translation>
        </message>
        <message>
            <source>not UTF-8 text</source>
            <translation>kein UTF-8-Text</translation>
        </message>
        <message>
            <source>not rotated</source>
            <translation>nicht gedreht</translation>
        </message>
        <message>
            <source>null</source>
            <translation>null</translation>
        </message>
        <message>
            <source>offer other formats with --formats</source>
            <translation>mit --formats andere Formate anbieten</translation>
        </message>
        <message>
            <source>on the CPU, use fp32 or bf16</source>
            <translation>auf der CPU fp32 oder bf16 verwenden</translation>
        </message>
        <message>
            <source>only files that Mantissa exported hold their plan</source>
            <translation>nur Dateien, die Mantissa exportiert hat, enthalten ihren Plan</translation>
        </message>
        <message>
            <source>only runs that differ in nothing but their prompts add up</source>
            <translation>nur Läufe, die sich in nichts als ihren Prompts unterscheiden, lassen sich zusammenzählen</translation>
        </message>
        <message>
            <source>only the first {} and last {}: {}</source>
            <translation>nur die ersten {} und letzten {}: {}</translation>
        </message>
        <message>
            <source>only the network ({}) is exported; the other parts of the folder stay as they are</source>
            <translation>nur das Netz ({}) wird exportiert; die übrigen Teile des Ordners bleiben, wie sie sind</translation>
        </message>
        <message>
            <source>only the variant {} is there; it was opened</source>
            <translation>nur die Variante {} ist da; sie wurde geöffnet</translation>
        </message>
        <message>
            <source>only {} of the {} shards of {} are there</source>
            <translation>nur {} der {} Teile von {} sind da</translation>
        </message>
        <message>
            <source>opening was cancelled</source>
            <translation>das Öffnen wurde abgebrochen</translation>
        </message>
        <message>
            <source>out of memory</source>
            <translation>der Speicher reicht nicht</translation>
        </message>
        <message>
            <source>out of memory while a pattern was compiled</source>
            <translation>der Speicher reichte nicht, um ein Muster zu übersetzen</translation>
        </message>
        <message>
            <source>out of memory while a pattern was matched</source>
            <translation>der Speicher reichte nicht, um ein Muster anzuwenden</translation>
        </message>
        <message>
            <source>patch_embedding does not make tokens of {} channels from video</source>
            <translation>patch_embedding macht aus Video keine Token von {} Kanälen</translation>
        </message>
        <message>
            <source>patches of {0}×{0} are none</source>
            <translation>Kacheln von {0}×{0} gibt es nicht</translation>
        </message>
        <message>
            <source>patches of {} pixels a side</source>
            <translation>Kacheln von {} Pixeln Seitenlänge</translation>
        </message>
        <message>
            <source>pictures belong together by prompt and seed in their metadata, or by file name, and must have one size</source>
            <translation>Bilder gehören durch Prompt und Startwert in ihren Metadaten oder durch ihren Dateinamen zusammen und müssen gleich groß sein</translation>
        </message>
        <message>
            <source>pictures of {} × {} and {} × {} pixels cannot be compared</source>
            <translation>Bilder von {} × {} und {} × {} Pixeln lassen sich nicht vergleichen</translation>
        </message>
        <message>
            <source>pixels of 2×2</source>
            <translation>Pixel von 2×2</translation>
        </message>
        <message>
            <source>plain numbers</source>
            <translation>einfache Zahlen</translation>
        </message>
        <message>
            <source>positions of rows and columns</source>
            <translation>Positionen von Zeilen und Spalten</translation>
        </message>
        <message>
            <source>prediction kinds are {}</source>
            <translation>die Vorhersagearten sind {}</translation>
        </message>
        <message>
            <source>probing</source>
            <translation>Erprobung</translation>
        </message>
        <message>
            <source>put a backslash before . ( [ { * + ? to find the character itself</source>
            <translation>ein Backslash vor . ( [ { * + ? lässt das Zeichen selbst suchen</translation>
        </message>
        <message>
            <source>put globs into quotes</source>
            <translation>Glob-Muster in Anführungszeichen setzen</translation>
        </message>
        <message>
            <source>put the spiece.model of the text encoder there</source>
            <translation>das spiece.model des Text-Encoders dorthin legen</translation>
        </message>
        <message>
            <source>raise --memory-limit, or exclude that layer</source>
            <translation>--memory-limit erhöhen oder diese Schicht ausschließen</translation>
        </message>
        <message>
            <source>raise the budget, offer smaller formats with --formats, or see with 'mantissa analyze' which layers are kept</source>
            <translation>das Budget erhöhen, mit --formats kleinere Formate anbieten, oder mit „mantissa analyze“ sehen, welche Schichten behalten werden</translation>
        </message>
        <message>
            <source>random data</source>
            <translation>Zufallsdaten</translation>
        </message>
        <message>
            <source>rank {}</source>
            <translation>Rang {}</translation>
        </message>
        <message>
            <source>reaches beyond its storage {} of {} bytes</source>
            <translation>reicht über seinen Speicherbereich {} von {} Byte hinaus</translation>
        </message>
        <message>
            <source>reading pictures</source>
            <translation>Bilder werden gelesen</translation>
        </message>
        <message>
            <source>reading the model</source>
            <translation>das Modell wird gelesen</translation>
        </message>
        <message>
            <source>reading {} failed unexpectedly: {}</source>
            <translation>das Lesen von {} schlug unerwartet fehl: {}</translation>
        </message>
        <message>
            <source>relative_attention_max_distance is {}, less than the table of positions tells apart</source>
            <translation>relative_attention_max_distance ist {}, weniger, als die Tabelle der Positionen unterscheidet</translation>
        </message>
        <message>
            <source>repeats its {} stored bytes to {}</source>
            <translation>wiederholt seine {} gespeicherten Byte zu {}</translation>
        </message>
        <message>
            <source>rotated by {}</source>
            <translation>gedreht in Gruppen von {}</translation>
        </message>
        <message>
            <source>rules for comfy-quants cannot be about {}: the plan stores no layer of the network in it, or comfy-quants has no such format</source>
            <translation>Regeln für comfy-quants können nicht von {} handeln: der Plan speichert keine Schicht des Netzes darin, oder comfy-quants hat kein solches Format</translation>
        </message>
        <message>
            <source>rules of {} speak about all formats of a plan: none can be chosen</source>
            <translation>Regeln von {} sprechen über alle Formate eines Plans: keines kann gewählt werden</translation>
        </message>
        <message>
            <source>safetensors files, GGUF files, PyTorch files (.ckpt, .pt, .pth, .bin), shard indexes and diffusers folders can be opened</source>
            <translation>safetensors-Dateien, GGUF-Dateien, PyTorch-Dateien (.ckpt, .pt, .pth, .bin), Indexe von Teilen und diffusers-Ordner lassen sich öffnen</translation>
        </message>
        <message>
            <source>sampling</source>
            <translation>Zeichnen</translation>
        </message>
        <message>
            <source>save it again after calling contiguous()</source>
            <translation>ihn nach einem Aufruf von contiguous() neu speichern</translation>
        </message>
        <message>
            <source>save it as UTF-8, or set a UTF-8 locale</source>
            <translation>ihn als UTF-8 speichern, oder ein UTF-8-Gebietsschema einstellen</translation>
        </message>
        <message>
            <source>save the state_dict() of the loaded program instead</source>
            <translation>stattdessen das state_dict() des geladenen Programms speichern</translation>
        </message>
        <message>
            <source>say which: {}</source>
            <translation>sagen Sie, welche: {}</translation>
        </message>
        <message>
            <source>scales by &quot;{}&quot; are chosen by the recipe here</source>
            <translation>Skalen nach „{}“ wählt hier das Rezept</translation>
        </message>
        <message>
            <source>second moments</source>
            <translation>zweite Momente</translation>
        </message>
        <message>
            <source>second moments could not be kept on the disk</source>
            <translation>zweite Momente konnten nicht auf dem Datenträger abgelegt werden</translation>
        </message>
        <message>
            <source>second moments could not be read on the disk</source>
            <translation>zweite Momente konnten nicht vom Datenträger gelesen werden</translation>
        </message>
        <message>
            <source>second moments could not be written on the disk</source>
            <translation>zweite Momente konnten nicht auf dem Datenträger geschrieben werden</translation>
        </message>
        <message>
            <source>see 'mantissa formats' for what can be read</source>
            <translation>„mantissa formats“ zeigt, was gelesen werden kann</translation>
        </message>
        <message>
            <source>set a lower --memory-limit</source>
            <translation>ein niedrigeres --memory-limit setzen</translation>
        </message>
        <message>
            <source>set its architecture too</source>
            <translation>auch seine Architektur setzen</translation>
        </message>
        <message>
            <source>shape and data_offsets of {} must be lists of whole numbers, but hold {}</source>
            <translation>{}: shape und data_offsets müssen Listen ganzer Zahlen sein, enthalten aber {}</translation>
        </message>
        <message>
            <source>sides of pictures must be multiples of {} pixels</source>
            <translation>Seiten von Bildern müssen Vielfache von {} Pixeln sein</translation>
        </message>
        <message>
            <source>sizes cannot be negative</source>
            <translation>Größen können nicht negativ sein</translation>
        </message>
        <message>
            <source>squared inputs</source>
            <translation>Eingaben im Quadrat</translation>
        </message>
        <message>
            <source>start from the file that it was made from</source>
            <translation>von der Datei ausgehen, aus der sie entstand</translation>
        </message>
        <message>
            <source>statistics are made with the model as it is, not with a plan of it</source>
            <translation>Statistik entsteht mit dem Modell, wie es ist, nicht mit einem Plan dafür</translation>
        </message>
        <message>
            <source>stock ComfyUI refuses the file; {} loads it</source>
            <translation>ComfyUI ohne Erweiterung weist die Datei zurück; {} lädt sie</translation>
        </message>
        <message>
            <source>storage {} has {} bytes, but {} are expected</source>
            <translation>der Speicherbereich {} hat {} Byte, aber {} werden erwartet</translation>
        </message>
        <message>
            <source>storage {} has {} elements, but {} are expected</source>
            <translation>der Speicherbereich {} hat {} Elemente, aber {} werden erwartet</translation>
        </message>
        <message>
            <source>storage {} is not in the file</source>
            <translation>der Speicherbereich {} ist nicht in der Datei</translation>
        </message>
        <message>
            <source>storage {} occurs twice</source>
            <translation>der Speicherbereich {} kommt zweimal vor</translation>
        </message>
        <message>
            <source>stored tensor {} lacks {} bytes from {} on</source>
            <translation>dem gespeicherten Tensor {} fehlen {} Byte ab {}</translation>
        </message>
        <message>
            <source>stored tensor {} of {} ends early</source>
            <translation>der gespeicherte Tensor {} von {} endet zu früh</translation>
        </message>
        <message>
            <source>switch “Run jobs in a process of their own” off in the settings</source>
            <translation>in den Einstellungen „Aufträge in einem eigenen Prozess“ ausschalten</translation>
        </message>
        <message>
            <source>tabs cannot indent YAML</source>
            <translation>Tabulatoren können YAML nicht einrücken</translation>
        </message>
        <message>
            <source>tensor {}</source>
            <translation>Tensor {}</translation>
        </message>
        <message>
            <source>tensor {} holds 4-bit values that are not in order</source>
            <translation>der Tensor {} enthält 4-Bit-Werte, die nicht der Reihe nach liegen</translation>
        </message>
        <message>
            <source>tensor {} is also in {}</source>
            <translation>der Tensor {} steht auch in {}</translation>
        </message>
        <message>
            <source>tensor {} is named twice</source>
            <translation>der Tensor {} wird zweimal genannt</translation>
        </message>
        <message>
            <source>tensor {} is not in {}, where the index says it is</source>
            <translation>der Tensor {} ist nicht in {}, wo er nach dem Index liegt</translation>
        </message>
        <message>
            <source>tensor {} is said to be in {}, which is not a plain file name</source>
            <translation>der Tensor {} soll in {} liegen, was kein einfacher Dateiname ist</translation>
        </message>
        <message>
            <source>tensor {} is stored as {}, which cannot be decoded</source>
            <translation>der Tensor {} ist als {} gespeichert, was sich nicht decodieren lässt</translation>
        </message>
        <message>
            <source>tensor {} must be given a file name, but has {}</source>
            <translation>der Tensor {} muss einen Dateinamen bekommen, hat aber {}</translation>
        </message>
        <message>
            <source>tensor {} {}</source>
            <translation>Tensor {} {}</translation>
        </message>
        <message>
            <source>tensor {}: {}</source>
            <translation>Tensor {}: {}</translation>
        </message>
        <message>
            <source>the 6-bit codes of {} are made by its own search only: no method is written for that grid</source>
            <translation>die 6-Bit-Codes von {} macht nur seine eigene Suche: für dieses Raster ist kein Verfahren geschrieben</translation>
        </message>
        <message>
            <source>the ConvRot group {} is not a power of 4 that divides the {} columns</source>
            <translation>die ConvRot-Gruppe {} ist keine Potenz von 4, die die {} Spalten teilt</translation>
        </message>
        <message>
            <source>the NVIDIA driver is not loaded, so programs cannot use its GPU yet</source>
            <translation>der NVIDIA-Treiber ist nicht geladen, deshalb können Programme die GPU noch nicht benutzen</translation>
        </message>
        <message>
            <source>the OpenCLIP-G text encoder lacks its text_projection</source>
            <translation>dem OpenCLIP-G-Text-Encoder fehlt seine text_projection</translation>
        </message>
        <message>
            <source>the PDF could not be made (libharu error {:#x})</source>
            <translation>das PDF ließ sich nicht erstellen (libharu-Fehler {})</translation>
        </message>
        <message>
            <source>the T5 encoder is {} wide, less than both CLIPs</source>
            <translation>der T5-Encoder ist {} breit, weniger als beide CLIPs</translation>
        </message>
        <message>
            <source>the T5 text encoder comes without its tokenizer</source>
            <translation>der T5-Text-Encoder kommt ohne seinen Tokenizer</translation>
        </message>
        <message>
            <source>the U-Net has {} blocks on the way down and {} on the way up</source>
            <translation>das U-Net hat {} Blöcke auf dem Weg hinab und {} auf dem Weg hinauf</translation>
        </message>
        <message>
            <source>the VAE of HunyuanVideo 1.5 cannot be run yet</source>
            <translation>der VAE von HunyuanVideo 1.5 läuft noch nicht</translation>
        </message>
        <message>
            <source>the VAE's latents have {} channels, and the network's {}</source>
            <translation>die Latents des VAE haben {} Kanäle, und die des Netzes {}</translation>
        </message>
        <message>
            <source>the __metadata__ entry {} must be a text, but is {}</source>
            <translation>der Eintrag {} von __metadata__ muss ein Text sein, ist aber {}</translation>
        </message>
        <message>
            <source>the activation type</source>
            <translation>die Art der Aktivierungen</translation>
        </message>
        <message>
            <source>the alignment of the data is {}, not a power of two up to {}</source>
            <translation>die Ausrichtung der Daten ist {}, keine Zweierpotenz bis {}</translation>
        </message>
        <message>
            <source>the architecture</source>
            <translation>die Architektur</translation>
        </message>
        <message>
            <source>the architecture {} was set by the user</source>
            <translation>die Architektur {} wurde von Hand gesetzt</translation>
        </message>
        <message>
            <source>the archive has two pickles, {} and {}</source>
            <translation>das Archiv hat zwei Pickles, {} und {}</translation>
        </message>
        <message>
            <source>the arguments of a call are not a list</source>
            <translation>die Argumente eines Aufrufs sind keine Liste</translation>
        </message>
        <message>
            <source>the axis of the buckets</source>
            <translation>die Achse der Abschnitte</translation>
        </message>
        <message>
            <source>the block size</source>
            <translation>die Blockgröße</translation>
        </message>
        <message>
            <source>the block size {} must divide the {} input features</source>
            <translation>die Blockgröße {} muss die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the byte order {} is unknown</source>
            <translation>die Bytereihenfolge {} ist unbekannt</translation>
        </message>
        <message>
            <source>the calibration run did not reach this layer</source>
            <translation>die Kalibrierung hat diese Schicht nicht erreicht</translation>
        </message>
        <message>
            <source>the checkpoint has no tensor {}</source>
            <translation>die Modelldatei hat keinen Tensor {}</translation>
        </message>
        <message>
            <source>the checkpoint is damaged; --allow-nonfinite converts it all the same</source>
            <translation>die Modelldatei ist beschädigt; --allow-nonfinite konvertiert sie trotzdem</translation>
        </message>
        <message>
            <source>the code width</source>
            <translation>die Codebreite</translation>
        </message>
        <message>
            <source>the comparison was cancelled</source>
            <translation>der Vergleich wurde abgebrochen</translation>
        </message>
        <message>
            <source>the component {} ({}) has no weights</source>
            <translation>der Bestandteil {} ({}) hat keine Gewichte</translation>
        </message>
        <message>
            <source>the component {} ({}) is missing</source>
            <translation>der Bestandteil {} ({}) fehlt</translation>
        </message>
        <message>
            <source>the component {} is listed twice</source>
            <translation>der Bestandteil {} wird zweimal genannt</translation>
        </message>
        <message>
            <source>the component {} is not a plain folder name</source>
            <translation>der Bestandteil {} ist kein einfacher Ordnername</translation>
        </message>
        <message>
            <source>the config names no format</source>
            <translation>die Konfiguration nennt kein Format</translation>
        </message>
        <message>
            <source>the counts of a histogram overflow</source>
            <translation>die Zähler eines Histogramms laufen über</translation>
        </message>
        <message>
            <source>the crash report cannot be removed</source>
            <translation>der Absturzbericht lässt sich nicht entfernen</translation>
        </message>
        <message>
            <source>the description of a tensor</source>
            <translation>die Beschreibung eines Tensors</translation>
        </message>
        <message>
            <source>the description of the system is missing</source>
            <translation>die Beschreibung des Systems fehlt</translation>
        </message>
        <message>
            <source>the document has more than {} values</source>
            <translation>das Dokument hat mehr als {} Werte</translation>
        </message>
        <message>
            <source>the document is nested more than {} levels deep</source>
            <translation>das Dokument ist mehr als {} Ebenen tief verschachtelt</translation>
        </message>
        <message>
            <source>the document is {} bytes long, more than the {} that are allowed</source>
            <translation>das Dokument ist {} Byte lang, mehr als die {}, die erlaubt sind</translation>
        </message>
        <message>
            <source>the download gave an error or login page; download the file again</source>
            <translation>statt der Datei kam eine Fehler- oder Anmeldeseite; die Datei erneut herunterladen</translation>
        </message>
        <message>
            <source>the drive reported a fault; copy the file elsewhere or check the drive</source>
            <translation>das Laufwerk meldet einen Fehler; die Datei anderswohin kopieren oder das Laufwerk prüfen</translation>
        </message>
        <message>
            <source>the driver of {} does not say what is free</source>
            <translation>der Treiber von {} sagt nicht, wie viel frei ist</translation>
        </message>
        <message>
            <source>the dtype of {} must be a text</source>
            <translation>{}: der dtype muss ein Text sein</translation>
        </message>
        <message>
            <source>the entry name {} is not a plain path</source>
            <translation>der Eintragsname {} ist kein einfacher Pfad</translation>
        </message>
        <message>
            <source>the entry {} differs from its directory record</source>
            <translation>der Eintrag {} weicht von seinem Verzeichniseintrag ab</translation>
        </message>
        <message>
            <source>the entry {} lies outside the archive</source>
            <translation>der Eintrag {} liegt außerhalb des Archivs</translation>
        </message>
        <message>
            <source>the entry {} occurs twice</source>
            <translation>der Eintrag {} kommt zweimal vor</translation>
        </message>
        <message>
            <source>the entry {} overlaps the one before it</source>
            <translation>der Eintrag {} überlappt den davor</translation>
        </message>
        <message>
            <source>the fast path is made for NVIDIA GPUs; on {} it is stored so and {}</source>
            <translation>der schnelle Weg ist für GPUs von NVIDIA gemacht; auf {} wird es so gespeichert und {}</translation>
        </message>
        <message>
            <source>the fast path needs compute capability {}, and {} has {}; it is {}</source>
            <translation>der schnelle Weg braucht Compute Capability {}, und {} hat {}; es wird {}</translation>
        </message>
        <message>
            <source>the file became shorter while it was read</source>
            <translation>die Datei wurde kürzer, während sie gelesen wurde</translation>
        </message>
        <message>
            <source>the file cannot be examined</source>
            <translation>die Datei lässt sich nicht untersuchen</translation>
        </message>
        <message>
            <source>the file cannot be opened</source>
            <translation>die Datei lässt sich nicht öffnen</translation>
        </message>
        <message>
            <source>the file cannot be read</source>
            <translation>die Datei lässt sich nicht lesen</translation>
        </message>
        <message>
            <source>the file cannot be read: {}</source>
            <translation>die Datei lässt sich nicht lesen: {}</translation>
        </message>
        <message>
            <source>the file cannot be removed</source>
            <translation>die Datei lässt sich nicht entfernen</translation>
        </message>
        <message>
            <source>the file cannot be written: {}</source>
            <translation>die Datei lässt sich nicht schreiben: {}</translation>
        </message>
        <message>
            <source>the file could not be written</source>
            <translation>die Datei ließ sich nicht schreiben</translation>
        </message>
        <message>
            <source>the file could not be written: {}</source>
            <translation>die Datei ließ sich nicht schreiben: {}</translation>
        </message>
        <message>
            <source>the file does not start with 'GGUF'</source>
            <translation>die Datei beginnt nicht mit „GGUF“</translation>
        </message>
        <message>
            <source>the file ends at byte {} where {} more bytes are expected</source>
            <translation>die Datei endet bei Byte {}, wo {} weitere Byte erwartet werden</translation>
        </message>
        <message>
            <source>the file ends inside storage {}</source>
            <translation>die Datei endet innerhalb des Speicherbereichs {}</translation>
        </message>
        <message>
            <source>the file ends inside {}</source>
            <translation>die Datei endet mittendrin: {}</translation>
        </message>
        <message>
            <source>the file exists already</source>
            <translation>die Datei gibt es schon</translation>
        </message>
        <message>
            <source>the file has no diffusion network</source>
            <translation>die Datei hat kein Diffusionsnetz</translation>
        </message>
        <message>
            <source>the file has no diffusion network that could be probed</source>
            <translation>die Datei hat kein Diffusionsnetz, das sich erproben ließe</translation>
        </message>
        <message>
            <source>the file has no part &quot;{}&quot;</source>
            <translation>die Datei hat keinen Teil „{}“</translation>
        </message>
        <message>
            <source>the file has no {}</source>
            <translation>die Datei hat kein {}</translation>
        </message>
        <message>
            <source>the file has {} bytes instead of {}</source>
            <translation>die Datei hat {} Byte statt {}</translation>
        </message>
        <message>
            <source>the file holds a list, not tensors with names</source>
            <translation>die Datei enthält eine Liste, keine Tensoren mit Namen</translation>
        </message>
        <message>
            <source>the file holds data of the kind {}, which cannot be read</source>
            <translation>die Datei enthält Daten der Art {}, die sich nicht lesen lassen</translation>
        </message>
        <message>
            <source>the file holds more tensors than any real one</source>
            <translation>die Datei enthält mehr Tensoren als jede echte</translation>
        </message>
        <message>
            <source>the file holds no activation statistics</source>
            <translation>die Datei enthält keine Statistik von Aktivierungen</translation>
        </message>
        <message>
            <source>the file holds no queue of this version</source>
            <translation>die Datei enthält keine Warteschlange dieser Version</translation>
        </message>
        <message>
            <source>the file holds no tensors</source>
            <translation>die Datei enthält keine Tensoren</translation>
        </message>
        <message>
            <source>the file holds no tensors with names</source>
            <translation>die Datei enthält keine Tensoren mit Namen</translation>
        </message>
        <message>
            <source>the file holds one tensor without a name; it is called 'tensor'</source>
            <translation>die Datei enthält einen Tensor ohne Namen; er heißt hier „tensor“</translation>
        </message>
        <message>
            <source>the file is damaged, or was joined with something else</source>
            <translation>die Datei ist beschädigt oder wurde mit etwas anderem verbunden</translation>
        </message>
        <message>
            <source>the file is empty</source>
            <translation>die Datei ist leer</translation>
        </message>
        <message>
            <source>the file is incomplete, or of another architecture</source>
            <translation>die Datei ist unvollständig oder von einer anderen Architektur</translation>
        </message>
        <message>
            <source>the file is incomplete; convert it again from its original</source>
            <translation>die Datei ist unvollständig; sie neu aus ihrem Original konvertieren</translation>
        </message>
        <message>
            <source>the file is incomplete; download or copy it again</source>
            <translation>die Datei ist unvollständig; sie erneut herunterladen oder kopieren</translation>
        </message>
        <message>
            <source>the file is no project of Mantissa</source>
            <translation>die Datei ist kein Projekt von Mantissa</translation>
        </message>
        <message>
            <source>the file is too large for a SentencePiece model</source>
            <translation>die Datei ist zu groß für ein SentencePiece-Modell</translation>
        </message>
        <message>
            <source>the file is too large for a plan</source>
            <translation>die Datei ist zu groß für einen Plan</translation>
        </message>
        <message>
            <source>the file is too large for a tokenizer's vocabulary</source>
            <translation>die Datei ist zu groß für das Vokabular eines Tokenizers</translation>
        </message>
        <message>
            <source>the file is too large for what it should be</source>
            <translation>die Datei ist zu groß für das, was sie sein sollte</translation>
        </message>
        <message>
            <source>the file is {} bytes long, too short for safetensors</source>
            <translation>die Datei ist {} Byte lang, zu kurz für safetensors</translation>
        </message>
        <message>
            <source>the file name says {}</source>
            <translation>der Dateiname sagt {}</translation>
        </message>
        <message>
            <source>the file of embeddings has no tensor named context of [texts, tokens, width]</source>
            <translation>die Datei mit Einbettungen hat keinen Tensor namens context mit [Texte, Token, Breite]</translation>
        </message>
        <message>
            <source>the file of embeddings has {} texts, and text {} was asked for</source>
            <translation>die Datei mit Einbettungen hat {} Texte, und Text {} wurde verlangt</translation>
        </message>
        <message>
            <source>the file was made for a newer or another program</source>
            <translation>die Datei wurde für ein neueres oder anderes Programm gemacht</translation>
        </message>
        <message>
            <source>the file was saved on a big-endian machine</source>
            <translation>die Datei wurde auf einer Big-Endian-Maschine gespeichert</translation>
        </message>
        <message>
            <source>the files do not belong to one set</source>
            <translation>die Dateien gehören nicht zu einem Satz</translation>
        </message>
        <message>
            <source>the files watched different layers, or layers shared their inputs in different ways</source>
            <translation>die Dateien haben verschiedene Schichten beobachtet, oder Schichten teilten ihre Eingaben auf verschiedene Weise</translation>
        </message>
        <message>
            <source>the finished output could not be renamed</source>
            <translation>die fertige Ausgabe ließ sich nicht umbenennen</translation>
        </message>
        <message>
            <source>the folder cannot be listed: {}</source>
            <translation>der Inhalt des Ordners lässt sich nicht lesen: {}</translation>
        </message>
        <message>
            <source>the folder cannot be made: {}</source>
            <translation>der Ordner lässt sich nicht anlegen: {}</translation>
        </message>
        <message>
            <source>the folder cannot be read: {}</source>
            <translation>der Ordner lässt sich nicht lesen: {}</translation>
        </message>
        <message>
            <source>the folder for crash reports cannot be made: {}</source>
            <translation>der Ordner für Absturzberichte lässt sich nicht anlegen: {}</translation>
        </message>
        <message>
            <source>the folder has more than {} entries</source>
            <translation>der Ordner hat mehr als {} Einträge</translation>
        </message>
        <message>
            <source>the folder has no SentencePiece model</source>
            <translation>der Ordner hat kein SentencePiece-Modell</translation>
        </message>
        <message>
            <source>the folder holds no checkpoint</source>
            <translation>der Ordner enthält keine Modelldatei</translation>
        </message>
        <message>
            <source>the folder holds several checkpoints, among them {} and {}</source>
            <translation>der Ordner enthält mehrere Modelldateien, darunter {} und {}</translation>
        </message>
        <message>
            <source>the folder of the output does not exist</source>
            <translation>den Ordner der Ausgabe gibt es nicht</translation>
        </message>
        <message>
            <source>the formats are {}</source>
            <translation>die Formate sind {}</translation>
        </message>
        <message>
            <source>the frequencies of {} do not fit heads of {} channels</source>
            <translation>die Frequenzen von {} passen nicht zu Köpfen von {} Kanälen</translation>
        </message>
        <message>
            <source>the group size {} and {} must divide the {} input features</source>
            <translation>die Gruppengröße {} und {} müssen die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the group size {} must be even and divide the {} input features</source>
            <translation>die Gruppengröße {} muss gerade sein und die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the group size {} must divide the {} input features</source>
            <translation>die Gruppengröße {} muss die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the guidance scale</source>
            <translation>die Guidance</translation>
        </message>
        <message>
            <source>the header claims to be {} bytes long, but the file has only {}</source>
            <translation>der Kopf soll {} Byte lang sein, aber die Datei hat nur {}</translation>
        </message>
        <message>
            <source>the header claims to be {} bytes long, more than the {} that safetensors allows</source>
            <translation>der Kopf soll {} Byte lang sein, mehr als die {}, die safetensors erlaubt</translation>
        </message>
        <message>
            <source>the header claims {} metadata entries, more than the file can hold</source>
            <translation>der Kopf gibt {} Metadaten-Einträge an, mehr, als die Datei fassen kann</translation>
        </message>
        <message>
            <source>the header claims {} tensors, more than the file can hold</source>
            <translation>der Kopf gibt {} Tensoren an, mehr, als die Datei fassen kann</translation>
        </message>
        <message>
            <source>the header does not start with '{'</source>
            <translation>der Kopf beginnt nicht mit „{“</translation>
        </message>
        <message>
            <source>the header entry `_quantization_metadata` is not the JSON table of layers that it should be</source>
            <translation>der Eintrag `_quantization_metadata` im Kopf ist nicht die JSON-Tabelle der Schichten, die er sein sollte</translation>
        </message>
        <message>
            <source>the header is longer than {} bytes, more than any real one</source>
            <translation>der Kopf ist länger als {} Byte, mehr als jeder echte</translation>
        </message>
        <message>
            <source>the header is not valid UTF-8 text</source>
            <translation>der Kopf ist kein gültiger UTF-8-Text</translation>
        </message>
        <message>
            <source>the header is wrong: {}</source>
            <translation>der Kopf ist fehlerhaft: {}</translation>
        </message>
        <message>
            <source>the header table _quantization_metadata is not valid JSON with an object &quot;layers&quot;</source>
            <translation>die Tabelle _quantization_metadata im Kopf ist kein gültiges JSON mit einem Objekt „layers“</translation>
        </message>
        <message>
            <source>the header table describes `{}`, which has no weight in the file</source>
            <translation>die Tabelle im Kopf beschreibt `{}`, wozu die Datei kein Gewicht hat</translation>
        </message>
        <message>
            <source>the header table names {}, which has no weight in the file</source>
            <translation>die Tabelle im Kopf nennt {}, wozu die Datei kein Gewicht hat</translation>
        </message>
        <message>
            <source>the header would be {} bytes long, more than the {} that safetensors allows</source>
            <translation>der Kopf wäre {} Byte lang, mehr als die {}, die safetensors erlaubt</translation>
        </message>
        <message>
            <source>the id of &quot;{}&quot; is not a small number</source>
            <translation>die Kennung von „{}“ ist keine kleine Zahl</translation>
        </message>
        <message>
            <source>the index is not valid UTF-8 text</source>
            <translation>der Index ist kein gültiger UTF-8-Text</translation>
        </message>
        <message>
            <source>the index is wrong: {}</source>
            <translation>der Index ist fehlerhaft: {}</translation>
        </message>
        <message>
            <source>the index is {} bytes long, more than any real one</source>
            <translation>der Index ist {} Byte lang, mehr als jeder echte</translation>
        </message>
        <message>
            <source>the index names tensor {} twice</source>
            <translation>der Index nennt den Tensor {} zweimal</translation>
        </message>
        <message>
            <source>the index names {} files, more than any real one</source>
            <translation>der Index nennt {} Dateien, mehr als jeder echte</translation>
        </message>
        <message>
            <source>the input {} of this network is {}, and must be {}</source>
            <translation>die Eingabe {} dieses Netzes ist {} und muss {} sein</translation>
        </message>
        <message>
            <source>the journal of the export could not be written</source>
            <translation>das Journal des Exports ließ sich nicht schreiben</translation>
        </message>
        <message>
            <source>the key {} occurs twice in one object</source>
            <translation>der Schlüssel {} steht zweimal in einem Objekt</translation>
        </message>
        <message>
            <source>the keys are spelled as {} spells them</source>
            <translation>die Schlüssel sind geschrieben, wie {} sie schreibt</translation>
        </message>
        <message>
            <source>the keys of diffusers are read as native ones: {}</source>
            <translation>die Schlüssel von diffusers werden als ursprüngliche gelesen: {}</translation>
        </message>
        <message>
            <source>the latent's {} channels are not the {} of WAN's VAE</source>
            <translation>die {} Kanäle der Latents sind nicht die {} des VAE von WAN</translation>
        </message>
        <message>
            <source>the layer's settings are not a JSON object</source>
            <translation>die Einstellungen der Schicht sind kein JSON-Objekt</translation>
        </message>
        <message>
            <source>the layer's settings give blocksize as {}</source>
            <translation>die Einstellungen der Schicht geben blocksize als {} an</translation>
        </message>
        <message>
            <source>the layer's settings give {} as {}</source>
            <translation>die Einstellungen der Schicht geben {} als {} an</translation>
        </message>
        <message>
            <source>the layer's settings have no blocksize</source>
            <translation>die Einstellungen der Schicht haben keine blocksize</translation>
        </message>
        <message>
            <source>the layer's settings name no format</source>
            <translation>die Einstellungen der Schicht nennen kein Format</translation>
        </message>
        <message>
            <source>the layer's settings name the format {}, not {}</source>
            <translation>die Einstellungen der Schicht nennen das Format {}, nicht {}</translation>
        </message>
        <message>
            <source>the layer's settings name the table {}, not {}</source>
            <translation>die Einstellungen der Schicht nennen die Tabelle {}, nicht {}</translation>
        </message>
        <message>
            <source>the list of storages is missing</source>
            <translation>die Liste der Speicherbereiche fehlt</translation>
        </message>
        <message>
            <source>the list of storages names one that no tensor uses</source>
            <translation>die Liste der Speicherbereiche nennt einen, den kein Tensor benutzt</translation>
        </message>
        <message>
            <source>the lists of the metadata entry {} are nested too deeply</source>
            <translation>die Listen des Metadaten-Eintrags {} sind zu tief verschachtelt</translation>
        </message>
        <message>
            <source>the map to follow must have {}x{} pixels, as the picture</source>
            <translation>die Karte, der zu folgen ist, muss wie das Bild {}x{} Pixel haben</translation>
        </message>
        <message>
            <source>the maps of the file contain each other too often</source>
            <translation>die Zuordnungen der Datei enthalten einander zu oft</translation>
        </message>
        <message>
            <source>the mask has {}x{} pixels, and the picture {}x{}</source>
            <translation>die Maske hat {}x{} Pixel, und das Bild {}x{}</translation>
        </message>
        <message>
            <source>the matrix [{}, {}] is empty</source>
            <translation>die Matrix [{}, {}] ist leer</translation>
        </message>
        <message>
            <source>the matrix [{}, {}] is too large</source>
            <translation>die Matrix [{}, {}] ist zu groß</translation>
        </message>
        <message>
            <source>the metadata entry &quot;{}&quot; is not the record of an export</source>
            <translation>der Metadaten-Eintrag „{}“ ist nicht die Aufzeichnung eines Exports</translation>
        </message>
        <message>
            <source>the metadata entry `modelspec.prediction_type` says {}</source>
            <translation>der Metadaten-Eintrag `modelspec.prediction_type` sagt {}</translation>
        </message>
        <message>
            <source>the metadata entry `{}` says {}</source>
            <translation>der Metadaten-Eintrag `{}` sagt {}</translation>
        </message>
        <message>
            <source>the metadata entry `{}` says {} = {}</source>
            <translation>der Metadaten-Eintrag `{}` sagt {} = {}</translation>
        </message>
        <message>
            <source>the metadata entry {}</source>
            <translation>der Metadaten-Eintrag {}</translation>
        </message>
        <message>
            <source>the metadata entry {} has a value of the unknown type {}</source>
            <translation>der Metadaten-Eintrag {} hat einen Wert des unbekannten Typs {}</translation>
        </message>
        <message>
            <source>the metadata entry {} is a truth value of {}</source>
            <translation>der Metadaten-Eintrag {} ist ein Wahrheitswert von {}</translation>
        </message>
        <message>
            <source>the metadata entry {} is not a table of layers</source>
            <translation>der Metadaten-Eintrag {} ist keine Tabelle von Schichten</translation>
        </message>
        <message>
            <source>the metadata key</source>
            <translation>der Metadaten-Schlüssel</translation>
        </message>
        <message>
            <source>the metadata names {} twice</source>
            <translation>die Metadaten nennen {} zweimal</translation>
        </message>
        <message>
            <source>the metric FLIP is not registered</source>
            <translation>die Metrik FLIP ist nicht registriert</translation>
        </message>
        <message>
            <source>the model fits into {} bytes as it is</source>
            <translation>das Modell passt in {} Byte, wie es ist</translation>
        </message>
        <message>
            <source>the model has no layer to choose a format for</source>
            <translation>das Modell hat keine Schicht, für die ein Format zu wählen wäre</translation>
        </message>
        <message>
            <source>the model has no {} to watch</source>
            <translation>das Modell hat kein {}, das sich beobachten ließe</translation>
        </message>
        <message>
            <source>the model's hash</source>
            <translation>der Hash des Modells</translation>
        </message>
        <message>
            <source>the most accurate mix that saves anything has {:.3g} %</source>
            <translation>die genaueste Mischung, die etwas einspart, hat {} %</translation>
        </message>
        <message>
            <source>the nearest is {}x{}</source>
            <translation>am nächsten ist {}x{}</translation>
        </message>
        <message>
            <source>the number of metadata entries</source>
            <translation>die Zahl der Metadaten-Einträge</translation>
        </message>
        <message>
            <source>the number of steps</source>
            <translation>die Zahl der Schritte</translation>
        </message>
        <message>
            <source>the number of tensors</source>
            <translation>die Zahl der Tensoren</translation>
        </message>
        <message>
            <source>the numbers of a patch</source>
            <translation>die Zahlen einer Kachel</translation>
        </message>
        <message>
            <source>the original has another shape</source>
            <translation>das Original hat eine andere Form</translation>
        </message>
        <message>
            <source>the original has no layer of this name</source>
            <translation>das Original hat keine Schicht dieses Namens</translation>
        </message>
        <message>
            <source>the output cannot be created</source>
            <translation>die Ausgabe lässt sich nicht anlegen</translation>
        </message>
        <message>
            <source>the output could not be written</source>
            <translation>die Ausgabe ließ sich nicht schreiben</translation>
        </message>
        <message>
            <source>the output could not be written to the disk</source>
            <translation>die Ausgabe ließ sich nicht auf den Datenträger schreiben</translation>
        </message>
        <message>
            <source>the output dtype is &quot;keep&quot;, &quot;bfloat16&quot; or &quot;float16&quot;, not &quot;{}&quot;</source>
            <translation>der dtype der Ausgabe ist &quot;keep&quot;, &quot;bfloat16&quot; oder &quot;float16&quot;, nicht „{}“</translation>
        </message>
        <message>
            <source>the output exists already</source>
            <translation>die Ausgabe gibt es schon</translation>
        </message>
        <message>
            <source>the output exists and is not a regular file</source>
            <translation>die Ausgabe gibt es, und sie ist keine gewöhnliche Datei</translation>
        </message>
        <message>
            <source>the output is a folder</source>
            <translation>die Ausgabe ist ein Ordner</translation>
        </message>
        <message>
            <source>the output is the input itself</source>
            <translation>die Ausgabe ist die Eingabe selbst</translation>
        </message>
        <message>
            <source>the output needs {} bytes, but only {} are free there</source>
            <translation>die Ausgabe braucht {} Byte, aber dort sind nur {} frei</translation>
        </message>
        <message>
            <source>the packed text is damaged, cut off or too long</source>
            <translation>der gepackte Text ist beschädigt, abgeschnitten oder zu lang</translation>
        </message>
        <message>
            <source>the packed text is longer than {} bytes</source>
            <translation>der gepackte Text ist länger als {} Byte</translation>
        </message>
        <message>
            <source>the pattern &quot;{}&quot; takes too many steps on the name &quot;{}&quot;</source>
            <translation>das Muster „{}“ braucht zu viele Schritte für den Namen „{}“</translation>
        </message>
        <message>
            <source>the pattern is {} bytes long, more than the {} that are allowed</source>
            <translation>das Muster ist {} Byte lang, mehr als die {}, die erlaubt sind</translation>
        </message>
        <message>
            <source>the pickle ends where {} more bytes are expected</source>
            <translation>das Pickle endet, wo {} weitere Byte erwartet werden</translation>
        </message>
        <message>
            <source>the pickle has a frame that reaches beyond its end</source>
            <translation>das Pickle hat einen Rahmen, der über sein Ende hinausreicht</translation>
        </message>
        <message>
            <source>the pickle has the unknown operation 0x{:02x}</source>
            <translation>das Pickle hat die unbekannte Operation 0x{}</translation>
        </message>
        <message>
            <source>the pickle holds a line longer than any real one</source>
            <translation>das Pickle enthält eine Zeile, die länger ist als jede echte</translation>
        </message>
        <message>
            <source>the pickle holds a text of {} bytes, longer than any real one</source>
            <translation>das Pickle enthält einen Text von {} Byte, länger als jeder echte</translation>
        </message>
        <message>
            <source>the pickle is malformed: {}</source>
            <translation>das Pickle ist fehlerhaft: {}</translation>
        </message>
        <message>
            <source>the picture cache cannot be made: {}</source>
            <translation>der Zwischenspeicher für Bilder lässt sich nicht anlegen: {}</translation>
        </message>
        <message>
            <source>the picture cannot be opened</source>
            <translation>das Bild lässt sich nicht öffnen</translation>
        </message>
        <message>
            <source>the picture cannot be written</source>
            <translation>das Bild lässt sich nicht schreiben</translation>
        </message>
        <message>
            <source>the picture cannot be written: {}</source>
            <translation>das Bild lässt sich nicht schreiben: {}</translation>
        </message>
        <message>
            <source>the picture could not be copied: {}</source>
            <translation>das Bild ließ sich nicht kopieren: {}</translation>
        </message>
        <message>
            <source>the picture could not be encoded</source>
            <translation>das Bild ließ sich nicht codieren</translation>
        </message>
        <message>
            <source>the picture to start from has {}x{} pixels, not {}x{}</source>
            <translation>das Ausgangsbild hat {}x{} Pixel, nicht {}x{}</translation>
        </message>
        <message>
            <source>the pieces of {} do not fit together</source>
            <translation>die Stücke von {} passen nicht zusammen</translation>
        </message>
        <message>
            <source>the pixels of a patch</source>
            <translation>die Pixel einer Kachel</translation>
        </message>
        <message>
            <source>the plan cannot be read: {}</source>
            <translation>der Plan lässt sich nicht lesen: {}</translation>
        </message>
        <message>
            <source>the plan cannot be saved: {}</source>
            <translation>der Plan lässt sich nicht speichern: {}</translation>
        </message>
        <message>
            <source>the plan quantizes no layer of this model</source>
            <translation>der Plan quantisiert keine Schicht dieses Modells</translation>
        </message>
        <message>
            <source>the plan quantizes no layer, so there is none to promote</source>
            <translation>der Plan quantisiert keine Schicht, also gibt es keine anzuheben</translation>
        </message>
        <message>
            <source>the plan stores no layer of the network in a format that comfy-quants has</source>
            <translation>der Plan speichert keine Schicht des Netzes in einem Format, das comfy-quants hat</translation>
        </message>
        <message>
            <source>the prediction kind {} was set by the user</source>
            <translation>die Vorhersageart {} wurde von Hand gesetzt</translation>
        </message>
        <message>
            <source>the prefix `{}` belongs to {}</source>
            <translation>das Präfix `{}` gehört zu {}</translation>
        </message>
        <message>
            <source>the preset cannot be removed</source>
            <translation>die Vorlage lässt sich nicht entfernen</translation>
        </message>
        <message>
            <source>the process for this job cannot be started: {}</source>
            <translation>der Prozess für diesen Auftrag lässt sich nicht starten: {}</translation>
        </message>
        <message>
            <source>the process of this job crashed (SIG{})</source>
            <translation>der Prozess dieses Auftrags ist abgestürzt (SIG{})</translation>
        </message>
        <message>
            <source>the process of this job ended without a result (exit code {})</source>
            <translation>der Prozess dieses Auftrags endete ohne Ergebnis (Rückgabewert {})</translation>
        </message>
        <message>
            <source>the process of this job was killed, as the system does when no memory is left</source>
            <translation>der Prozess dieses Auftrags wurde beendet, wie das System es tut, wenn kein Speicher mehr da ist</translation>
        </message>
        <message>
            <source>the project is no JSON: {} at byte {}</source>
            <translation>das Projekt ist kein JSON: {} bei Byte {}</translation>
        </message>
        <message>
            <source>the project was saved by a newer version of Mantissa</source>
            <translation>das Projekt wurde mit einer neueren Version von Mantissa gespeichert</translation>
        </message>
        <message>
            <source>the prompt &quot;{}&quot; with seed {} is in two of the files and would count twice</source>
            <translation>der Prompt „{}“ mit Startwert {} steht in zwei der Dateien und würde doppelt zählen</translation>
        </message>
        <message>
            <source>the prompt is {} bytes long; {} is the most</source>
            <translation>der Prompt ist {} Byte lang; höchstens {} sind erlaubt</translation>
        </message>
        <message>
            <source>the prompt's parentheses nest more than {} deep</source>
            <translation>die Klammern des Prompts sind tiefer als {} verschachtelt</translation>
        </message>
        <message>
            <source>the prompts that ship with Mantissa are missing</source>
            <translation>die mit Mantissa gelieferten Prompts fehlen</translation>
        </message>
        <message>
            <source>the protocol of this PyTorch file is unknown</source>
            <translation>das Protokoll dieser PyTorch-Datei ist unbekannt</translation>
        </message>
        <message>
            <source>the rank</source>
            <translation>den Rang</translation>
        </message>
        <message>
            <source>the ratings and notes cannot be read: the file is of another form</source>
            <translation>die Bewertungen und Notizen lassen sich nicht lesen: die Datei hat eine andere Form</translation>
        </message>
        <message>
            <source>the recipe &quot;{}&quot; is no part of the rules: {} finds scales and codes in its own way</source>
            <translation>das Rezept „{}“ ist kein Teil der Regeln: {} findet Skalen und Codes auf eigene Weise</translation>
        </message>
        <message>
            <source>the recipe {} needs the statistics of a calibration run</source>
            <translation>das Rezept {} braucht die Statistik einer Kalibrierung</translation>
        </message>
        <message>
            <source>the recipes are {}</source>
            <translation>die Rezepte sind {}</translation>
        </message>
        <message>
            <source>the report was not written</source>
            <translation>der Bericht wurde nicht geschrieben</translation>
        </message>
        <message>
            <source>the rotary axes make up {} of a head of {}</source>
            <translation>die Drehachsen ergeben {} eines Kopfes von {}</translation>
        </message>
        <message>
            <source>the rotation group</source>
            <translation>die Drehgruppe</translation>
        </message>
        <message>
            <source>the rotation group {} (a power of 4) and {} must divide the {} input features</source>
            <translation>die Drehgruppe {} (eine Potenz von 4) und {} müssen die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the rotation group {} is not a power of 4 that divides the {} columns</source>
            <translation>die Drehgruppe {} ist keine Potenz von 4, die die {} Spalten teilt</translation>
        </message>
        <message>
            <source>the rotation group {} must divide the {} input features</source>
            <translation>die Drehgruppe {} muss die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>the rounding &quot;{}&quot; is chosen by the recipe here</source>
            <translation>die Rundung „{}“ wählt hier das Rezept</translation>
        </message>
        <message>
            <source>the rows of {} are so long that a block of them takes {} MB, more than the memory limit</source>
            <translation>die Zeilen von {} sind so lang, dass ein Block davon {} MB braucht, mehr als die Speichergrenze</translation>
        </message>
        <message>
            <source>the rules name layers as ComfyUI does, and the file has the names of diffusers: {} finds them only in a file that was converted to ComfyUI's names</source>
            <translation>die Regeln nennen Schichten wie ComfyUI, und die Datei hat die Namen von diffusers: {} findet sie nur in einer Datei, die auf die Namen von ComfyUI umgestellt wurde</translation>
        </message>
        <message>
            <source>the sample is not where this program was installed</source>
            <translation>das Beispiel liegt nicht dort, wo dieses Programm installiert wurde</translation>
        </message>
        <message>
            <source>the sampler</source>
            <translation>der Sampler</translation>
        </message>
        <message>
            <source>the scaling</source>
            <translation>die Skalierung</translation>
        </message>
        <message>
            <source>the scaling mode is tensor, row or block, not {}</source>
            <translation>scaling_mode ist tensor, row oder block, nicht {}</translation>
        </message>
        <message>
            <source>the scheduler</source>
            <translation>der Scheduler</translation>
        </message>
        <message>
            <source>the second moments have another size than the layer</source>
            <translation>die zweiten Momente haben eine andere Größe als die Schicht</translation>
        </message>
        <message>
            <source>the second moments of a layer's inputs are no such thing</source>
            <translation>die zweiten Momente der Eingaben einer Schicht sind keine</translation>
        </message>
        <message>
            <source>the seed of a calibration is at most {}</source>
            <translation>der Startwert einer Kalibrierung ist höchstens {}</translation>
        </message>
        <message>
            <source>the sensitivity table {}</source>
            <translation>die Empfindlichkeitstabelle {}</translation>
        </message>
        <message>
            <source>the set is incomplete; download the missing file into the same folder</source>
            <translation>der Satz ist unvollständig; die fehlende Datei in denselben Ordner herunterladen</translation>
        </message>
        <message>
            <source>the set is incomplete; download the missing files into the same folder</source>
            <translation>der Satz ist unvollständig; die fehlenden Dateien in denselben Ordner herunterladen</translation>
        </message>
        <message>
            <source>the setting patch_size is no frames, rows and columns</source>
            <translation>die Einstellung patch_size ist nicht Bilder, Zeilen und Spalten</translation>
        </message>
        <message>
            <source>the setting window has no frames, rows and columns for each block</source>
            <translation>die Einstellung window hat nicht Bilder, Zeilen und Spalten für jeden Block</translation>
        </message>
        <message>
            <source>the setting {} is not {}</source>
            <translation>die Einstellung {} ist nicht {}</translation>
        </message>
        <message>
            <source>the settings `{}` are not a JSON object</source>
            <translation>die Einstellungen `{}` sind kein JSON-Objekt</translation>
        </message>
        <message>
            <source>the settings give the table of positions no size</source>
            <translation>die Einstellungen geben der Tabelle der Positionen keine Größe</translation>
        </message>
        <message>
            <source>the settings of `{}` in `{}` name no format</source>
            <translation>die Einstellungen von `{}` in `{}` nennen kein Format</translation>
        </message>
        <message>
            <source>the settings of nested scales have no nested_offset</source>
            <translation>den Einstellungen verschachtelter Skalen fehlt nested_offset</translation>
        </message>
        <message>
            <source>the settings of {} must be an object</source>
            <translation>die Einstellungen von {} müssen ein Objekt sein</translation>
        </message>
        <message>
            <source>the shape in `{}` does not fit its weight</source>
            <translation>die Form in `{}` passt nicht zu ihrem Gewicht</translation>
        </message>
        <message>
            <source>the shape of {} overflows</source>
            <translation>{}: die Form läuft über</translation>
        </message>
        <message>
            <source>the shape overflows or does not fill whole bytes</source>
            <translation>die Form läuft über oder füllt keine ganzen Byte</translation>
        </message>
        <message>
            <source>the shard {} is missing</source>
            <translation>der Teil {} fehlt</translation>
        </message>
        <message>
            <source>the sizes of {} differ, {} and {} bytes</source>
            <translation>die Größen von {} unterscheiden sich, {} und {} Byte</translation>
        </message>
        <message>
            <source>the smallest choices take {} bytes, and the budget has {}</source>
            <translation>die kleinste Wahl braucht {} Byte, und das Budget hat {}</translation>
        </message>
        <message>
            <source>the statistics are damaged: {}</source>
            <translation>die Statistik ist beschädigt: {}</translation>
        </message>
        <message>
            <source>the statistics are of another model (hash {}) than this one (hash {})</source>
            <translation>die Statistik gehört zu einem anderen Modell (Hash {}) als diesem (Hash {})</translation>
        </message>
        <message>
            <source>the statistics are of version {}, and this program reads up to {}</source>
            <translation>die Statistik hat Version {}, und dieses Programm liest bis {}</translation>
        </message>
        <message>
            <source>the statistics are of {} channels, and the layer has {} inputs</source>
            <translation>die Statistik hat {} Kanäle, und die Schicht hat {} Eingaben</translation>
        </message>
        <message>
            <source>the statistics come from random data; those of real prompts make better files</source>
            <translation>die Statistik stammt aus Zufallsdaten; mit echten Prompts werden Dateien besser</translation>
        </message>
        <message>
            <source>the statistics could not be renamed: {}</source>
            <translation>die Statistik ließ sich nicht umbenennen: {}</translation>
        </message>
        <message>
            <source>the statistics do not belong together: {} is {} in one and {} in the other</source>
            <translation>die Statistiken gehören nicht zusammen: {} ist {} in der einen und {} in der anderen</translation>
        </message>
        <message>
            <source>the statistics hold {} numbers of {}, not {}</source>
            <translation>die Statistik enthält {} Zahlen ({}), nicht {}</translation>
        </message>
        <message>
            <source>the statistics of a layer's inputs are not finite</source>
            <translation>die Statistik der Eingaben einer Schicht ist nicht endlich</translation>
        </message>
        <message>
            <source>the stored layer is too short</source>
            <translation>die gespeicherte Schicht ist zu kurz</translation>
        </message>
        <message>
            <source>the symbolic links of the path form a loop</source>
            <translation>die symbolischen Verweise des Pfads bilden eine Schleife</translation>
        </message>
        <message>
            <source>the system shows neither an NVIDIA driver nor a PCI bus</source>
            <translation>das System zeigt weder einen NVIDIA-Treiber noch einen PCI-Bus</translation>
        </message>
        <message>
            <source>the template of the report is damaged</source>
            <translation>die Vorlage des Berichts ist beschädigt</translation>
        </message>
        <message>
            <source>the tensor is too large for a SentencePiece model</source>
            <translation>der Tensor ist zu groß für ein SentencePiece-Modell</translation>
        </message>
        <message>
            <source>the tensor name</source>
            <translation>der Tensorname</translation>
        </message>
        <message>
            <source>the tensor name {} has a control character</source>
            <translation>der Tensorname {} enthält ein Steuerzeichen</translation>
        </message>
        <message>
            <source>the tensor name {} is longer than any real one</source>
            <translation>der Tensorname {} ist länger als jeder echte</translation>
        </message>
        <message>
            <source>the tensor name {} is not plain text</source>
            <translation>der Tensorname {} ist kein einfacher Text</translation>
        </message>
        <message>
            <source>the tensor {} is missing</source>
            <translation>der Tensor {} fehlt</translation>
        </message>
        <message>
            <source>the tensors can be used all the same; only the plan is lost</source>
            <translation>die Tensoren sind trotzdem zu gebrauchen; nur der Plan ist verloren</translation>
        </message>
        <message>
            <source>the tensors of {} have more dimensions than any real ones</source>
            <translation>die Tensoren von {} haben mehr Dimensionen als alle echten</translation>
        </message>
        <message>
            <source>the text cannot be tokenized</source>
            <translation>der Text lässt sich nicht in Token zerlegen</translation>
        </message>
        <message>
            <source>the text encoder has no layers</source>
            <translation>der Text-Encoder hat keine Schichten</translation>
        </message>
        <message>
            <source>the text encoder of this family does not run here</source>
            <translation>der Text-Encoder dieser Familie läuft hier nicht</translation>
        </message>
        <message>
            <source>the text encoder's file has no tokenizer in it</source>
            <translation>in der Datei des Text-Encoders ist kein Tokenizer</translation>
        </message>
        <message>
            <source>the text is not UTF-8</source>
            <translation>der Text ist kein UTF-8</translation>
        </message>
        <message>
            <source>the text is {} bytes long; {} is the most</source>
            <translation>der Text ist {} Byte lang; höchstens {} sind erlaubt</translation>
        </message>
        <message>
            <source>the tile size {} must divide both sides of the matrix [{}, {}]</source>
            <translation>die Kachelgröße {} muss beide Seiten der Matrix [{}, {}] teilen</translation>
        </message>
        <message>
            <source>the tokenizer's vocabulary lacks &quot;{}&quot;</source>
            <translation>dem Vokabular des Tokenizers fehlt „{}“</translation>
        </message>
        <message>
            <source>the transformers of the way down have {} layers, one number a residual block</source>
            <translation>die Transformer auf dem Weg hinab haben {} Schichten, eine Zahl je Residual-Block</translation>
        </message>
        <message>
            <source>the unfinished run had other prompts, sizes or another seed</source>
            <translation>der unfertige Lauf hatte andere Prompts, Größen oder einen anderen Startwert</translation>
        </message>
        <message>
            <source>the unfinished run had other settings: {}</source>
            <translation>der unfertige Lauf hatte andere Einstellungen: {}</translation>
        </message>
        <message>
            <source>the variant {} was set by the user</source>
            <translation>die Variante {} wurde von Hand gesetzt</translation>
        </message>
        <message>
            <source>the vocabulary is not a JSON object</source>
            <translation>das Vokabular ist kein JSON-Objekt</translation>
        </message>
        <message>
            <source>the weight has another size than its shape</source>
            <translation>das Gewicht hat eine andere Größe als seine Form</translation>
        </message>
        <message>
            <source>the weights have another size than the layer</source>
            <translation>die Gewichte haben eine andere Größe als die Schicht</translation>
        </message>
        <message>
            <source>the weights of LPIPS lack the tensor {}</source>
            <translation>den Gewichten von LPIPS fehlt der Tensor {}</translation>
        </message>
        <message>
            <source>the weights of LPIPS were named before</source>
            <translation>die Gewichte von LPIPS wurden schon genannt</translation>
        </message>
        <message>
            <source>the zip archive is damaged: {}</source>
            <translation>das Zip-Archiv ist beschädigt: {}</translation>
        </message>
        <message>
            <source>the zip entry {} is compressed, which torch.save never does</source>
            <translation>der Zip-Eintrag {} ist komprimiert, was torch.save nie tut</translation>
        </message>
        <message>
            <source>the zip entry {} is encrypted</source>
            <translation>der Zip-Eintrag {} ist verschlüsselt</translation>
        </message>
        <message>
            <source>the zip64 sizes of {} are missing</source>
            <translation>die zip64-Größen von {} fehlen</translation>
        </message>
        <message>
            <source>their description cannot be read</source>
            <translation>ihre Beschreibung lässt sich nicht lesen</translation>
        </message>
        <message>
            <source>there are no rules in this text</source>
            <translation>in diesem Text stehen keine Regeln</translation>
        </message>
        <message>
            <source>there are no statistics of {}</source>
            <translation>es gibt keine Statistik von {}</translation>
        </message>
        <message>
            <source>there are {} prompts and embeddings of {} texts; they belong together one to one</source>
            <translation>es gibt {} Prompts und Einbettungen von {} Texten; sie gehören eins zu eins zusammen</translation>
        </message>
        <message>
            <source>there is a report already</source>
            <translation>es gibt dort schon einen Bericht</translation>
        </message>
        <message>
            <source>there is no GPU; it is {}</source>
            <translation>es gibt keine GPU; es wird {}</translation>
        </message>
        <message>
            <source>there is no NVIDIA driver, and no display controller of NVIDIA, AMD or Intel on the PCI bus</source>
            <translation>es gibt keinen NVIDIA-Treiber und keinen Grafikchip von NVIDIA, AMD oder Intel am PCI-Bus</translation>
        </message>
        <message>
            <source>there is no T5 text encoder: the two CLIPs read the prompt alone (name one with --with)</source>
            <translation>es gibt keinen T5-Text-Encoder: die beiden CLIPs lesen den Prompt allein (einen mit --with nennen)</translation>
        </message>
        <message>
            <source>there is no architecture `{}`</source>
            <translation>die Architektur `{}` gibt es nicht</translation>
        </message>
        <message>
            <source>there is no format &quot;{}&quot;</source>
            <translation>das Format „{}“ gibt es nicht</translation>
        </message>
        <message>
            <source>there is no prediction kind `{}`</source>
            <translation>die Vorhersageart `{}` gibt es nicht</translation>
        </message>
        <message>
            <source>there is no prompt in it</source>
            <translation>es steht kein Prompt darin</translation>
        </message>
        <message>
            <source>there is no recipe &quot;{}&quot;</source>
            <translation>das Rezept „{}“ gibt es nicht</translation>
        </message>
        <message>
            <source>there is no sampler named &quot;{}&quot;</source>
            <translation>den Sampler „{}“ gibt es nicht</translation>
        </message>
        <message>
            <source>there is no scheduler named &quot;{}&quot;</source>
            <translation>den Scheduler „{}“ gibt es nicht</translation>
        </message>
        <message>
            <source>there is not enough memory for another thread</source>
            <translation>der Speicher reicht nicht für einen weiteren Thread</translation>
        </message>
        <message>
            <source>there is not enough memory for this</source>
            <translation>der Speicher reicht dafür nicht</translation>
        </message>
        <message>
            <source>there is not enough memory for this job</source>
            <translation>der Speicher reicht für diesen Auftrag nicht</translation>
        </message>
        <message>
            <source>there is not enough memory to examine {}</source>
            <translation>der Speicher reicht nicht, um {} zu untersuchen</translation>
        </message>
        <message>
            <source>there is not enough memory to read the header of {}</source>
            <translation>der Speicher reicht nicht, um den Kopf von {} zu lesen</translation>
        </message>
        <message>
            <source>there is nothing to choose</source>
            <translation>es gibt nichts zu wählen</translation>
        </message>
        <message>
            <source>they are whole in {}</source>
            <translation>sie liegt vollständig in {}</translation>
        </message>
        <message>
            <source>they can be inspected and converted all the same</source>
            <translation>untersuchen und konvertieren lassen sie sich trotzdem</translation>
        </message>
        <message>
            <source>they do not say from which data they come</source>
            <translation>sie sagt nicht, aus welchen Daten sie stammt</translation>
        </message>
        <message>
            <source>they name no model</source>
            <translation>sie nennt kein Modell</translation>
        </message>
        <message>
            <source>this GGUF file was made for big-endian machines</source>
            <translation>diese GGUF-Datei wurde für Big-Endian-Maschinen gemacht</translation>
        </message>
        <message>
            <source>this JSON file has no weight_map, so it is not the index of a checkpoint</source>
            <translation>diese JSON-Datei hat keine weight_map, ist also nicht der Index einer Modelldatei</translation>
        </message>
        <message>
            <source>this U-Net needs a pooled text vector of {} numbers</source>
            <translation>dieses U-Net braucht einen zusammengefassten Textvektor von {} Zahlen</translation>
        </message>
        <message>
            <source>this VAE has no decoder</source>
            <translation>dieser VAE hat keinen Decoder</translation>
        </message>
        <message>
            <source>this VAE has no encoder</source>
            <translation>dieser VAE hat keinen Encoder</translation>
        </message>
        <message>
            <source>this VAE makes {} channels, which are no colours of patches</source>
            <translation>dieser VAE macht {} Kanäle, was keine Farben von Kacheln sind</translation>
        </message>
        <message>
            <source>this VAE takes 1, {}, {}, … frames, not {}</source>
            <translation>dieser VAE nimmt 1, {}, {}, … Bilder, nicht {}</translation>
        </message>
        <message>
            <source>this build has no libtorch part</source>
            <translation>diesem Build fehlt der Teil für libtorch</translation>
        </message>
        <message>
            <source>this build has no vocabulary for CLIP text encoders</source>
            <translation>diesem Build fehlt das Vokabular für CLIP-Text-Encoder</translation>
        </message>
        <message>
            <source>this file does not say what plan made it</source>
            <translation>diese Datei sagt nicht, welcher Plan sie gemacht hat</translation>
        </message>
        <message>
            <source>this is Windows' Linux subsystem, which does not name its GPU; name it</source>
            <translation>das ist das Linux-Subsystem von Windows, das seine GPU nicht nennt; nennen Sie sie</translation>
        </message>
        <message>
            <source>this is a JSON file, not a checkpoint</source>
            <translation>das ist eine JSON-Datei, keine Modelldatei</translation>
        </message>
        <message>
            <source>this is a ModelOpt checkpoint; its modelopt_state was not read</source>
            <translation>das ist eine Modelldatei von ModelOpt; ihr modelopt_state wurde nicht gelesen</translation>
        </message>
        <message>
            <source>this is a Python pickle that torch.save did not write, without tensors</source>
            <translation>das ist ein Python-Pickle, das torch.save nicht geschrieben hat, ohne Tensoren</translation>
        </message>
        <message>
            <source>this is a TorchScript program, not a checkpoint</source>
            <translation>das ist ein TorchScript-Programm, keine Modelldatei</translation>
        </message>
        <message>
            <source>this is a web page, not a checkpoint</source>
            <translation>das ist eine Webseite, keine Modelldatei</translation>
        </message>
        <message>
            <source>this is neither a plan of Mantissa nor a layer config of convert-to-quant</source>
            <translation>das ist weder ein Plan von Mantissa noch eine Layer-Config von convert-to-quant</translation>
        </message>
        <message>
            <source>this is no PNG that can be read: {}</source>
            <translation>das ist kein PNG, das sich lesen lässt: {}</translation>
        </message>
        <message>
            <source>this is no picture but a folder or device</source>
            <translation>das ist kein Bild, sondern ein Ordner oder Gerät</translation>
        </message>
        <message>
            <source>this is not CLIP's list of merges: its first line names no version</source>
            <translation>das ist nicht die Merge-Liste von CLIP: ihre erste Zeile nennt keine Version</translation>
        </message>
        <message>
            <source>this is not JSON</source>
            <translation>das ist kein JSON</translation>
        </message>
        <message>
            <source>this is not JSON: {}</source>
            <translation>das ist kein JSON: {}</translation>
        </message>
        <message>
            <source>this is not a SentencePiece model</source>
            <translation>das ist kein SentencePiece-Modell</translation>
        </message>
        <message>
            <source>this is not a checkpoint of a known kind</source>
            <translation>das ist keine Modelldatei einer bekannten Art</translation>
        </message>
        <message>
            <source>this is one of {} files that a model was split into; the tensors of the others are missing</source>
            <translation>das ist eine von {} Dateien, in die ein Modell aufgeteilt wurde; die Tensoren der anderen fehlen</translation>
        </message>
        <message>
            <source>this is one part of a zip archive in several parts</source>
            <translation>das ist ein Teil eines Zip-Archivs aus mehreren Teilen</translation>
        </message>
        <message>
            <source>this is version {} of GGUF, and versions {} and {} can be read</source>
            <translation>das ist Version {} von GGUF, und die Versionen {} und {} lassen sich lesen</translation>
        </message>
        <message>
            <source>this line is neither &quot;key: value&quot; nor &quot;- item&quot;</source>
            <translation>diese Zeile ist weder „Schlüssel: Wert“ noch „- Eintrag“</translation>
        </message>
        <message>
            <source>this may not be a safetensors file at all</source>
            <translation>vielleicht ist das gar keine safetensors-Datei</translation>
        </message>
        <message>
            <source>this model makes pictures whose sides are multiples of {} pixels, not {}x{}</source>
            <translation>dieses Modell macht Bilder, deren Seiten Vielfache von {} Pixeln sind, nicht {}x{}</translation>
        </message>
        <message>
            <source>this must be {}, and it is {}</source>
            <translation>das muss {} sein und ist {}</translation>
        </message>
        <message>
            <source>this network fills a part of a picture</source>
            <translation>dieses Netz füllt einen Teil eines Bildes</translation>
        </message>
        <message>
            <source>this network follows a map, of depth or edges</source>
            <translation>dieses Netz folgt einer Karte, von Tiefe oder Kanten</translation>
        </message>
        <message>
            <source>this network has positions for {0}×{0} patches, and the picture takes {1}×{2}</source>
            <translation>dieses Netz hat Positionen für {0}×{0} Kacheln, und das Bild braucht {1}×{2}</translation>
        </message>
        <message>
            <source>this network is none of those that comfy-quants knows ({}): it must be taught first</source>
            <translation>dieses Netz ist keines von denen, die comfy-quants kennt ({}): es muss ihm erst beigebracht werden</translation>
        </message>
        <message>
            <source>this network makes a video of a picture</source>
            <translation>dieses Netz macht aus einem Bild ein Video</translation>
        </message>
        <message>
            <source>this network makes pictures, not videos of {} frames</source>
            <translation>dieses Netz macht Bilder, keine Videos von {} Bildern</translation>
        </message>
        <message>
            <source>this network makes videos of 1, {}, {}, … frames, not of {}</source>
            <translation>dieses Netz macht Videos von 1, {}, {}, … Bildern, nicht von {}</translation>
        </message>
        <message>
            <source>this network makes videos of text, and takes no picture</source>
            <translation>dieses Netz macht Videos aus Text und nimmt kein Bild</translation>
        </message>
        <message>
            <source>this network needs the input {} of shape {}</source>
            <translation>dieses Netz braucht die Eingabe {} der Form {}</translation>
        </message>
        <message>
            <source>this network restores a picture</source>
            <translation>dieses Netz stellt ein Bild wieder her</translation>
        </message>
        <message>
            <source>this network takes no mask</source>
            <translation>dieses Netz nimmt keine Maske</translation>
        </message>
        <message>
            <source>this network takes no reference pictures</source>
            <translation>dieses Netz nimmt keine Vorlagebilder</translation>
        </message>
        <message>
            <source>this part of YAML is not understood</source>
            <translation>dieser Teil von YAML wird nicht verstanden</translation>
        </message>
        <message>
            <source>this plan follows {}, and this version reads {}</source>
            <translation>dieser Plan folgt {}, und diese Version liest {}</translation>
        </message>
        <message>
            <source>this recipe needs the second moments of the layer's inputs</source>
            <translation>dieses Rezept braucht die zweiten Momente der Eingaben der Schicht</translation>
        </message>
        <message>
            <source>this zip archive was not made by torch.save: it has no data.pkl</source>
            <translation>dieses Zip-Archiv stammt nicht von torch.save: es hat keine data.pkl</translation>
        </message>
        <message>
            <source>this {} network takes {} channels beside the noise, which cannot be made yet</source>
            <translation>dieses Netz ({}) nimmt {} Kanäle neben dem Rauschen, die sich noch nicht machen lassen</translation>
        </message>
        <message>
            <source>too large</source>
            <translation>zu groß</translation>
        </message>
        <message>
            <source>too many files are open; close some or raise the limit with ulimit -n</source>
            <translation>es sind zu viele Dateien offen; einige schließen oder die Grenze mit ulimit -n erhöhen</translation>
        </message>
        <message>
            <source>true or false</source>
            <translation>wahr oder falsch</translation>
        </message>
        <message>
            <source>true, false, a number or a quoted text</source>
            <translation>true, false, eine Zahl oder ein Text in Anführungszeichen</translation>
        </message>
        <message>
            <source>two tensors are called {}</source>
            <translation>zwei Tensoren heißen {}</translation>
        </message>
        <message>
            <source>two tensors have the same name</source>
            <translation>zwei Tensoren haben denselben Namen</translation>
        </message>
        <message>
            <source>two tensors would be called {}</source>
            <translation>zwei Tensoren würden {} heißen</translation>
        </message>
        <message>
            <source>txt_shape has more tokens than txt</source>
            <translation>txt_shape hat mehr Token als txt</translation>
        </message>
        <message>
            <source>unpack it with its password first</source>
            <translation>es zuerst mit seinem Passwort entpacken</translation>
        </message>
        <message>
            <source>unpack the archive and pack it again without compression (zip -0 -r)</source>
            <translation>das Archiv entpacken und ohne Kompression neu packen (zip -0 -r)</translation>
        </message>
        <message>
            <source>unreadable</source>
            <translation>unlesbar</translation>
        </message>
        <message>
            <source>unusual form</source>
            <translation>ungewöhnliche Form</translation>
        </message>
        <message>
            <source>update Mantissa, or make them again</source>
            <translation>Mantissa aktualisieren oder sie neu erstellen</translation>
        </message>
        <message>
            <source>use a diffusers folder, whose tokenizer folder has a spiece.model, or a file with the tensor spiece_model</source>
            <translation>einen diffusers-Ordner verwenden, dessen Ordner tokenizer ein spiece.model hat, oder eine Datei mit dem Tensor spiece_model</translation>
        </message>
        <message>
            <source>use bfloat16, or --allow-nonfinite to turn them into infinity</source>
            <translation>bfloat16 verwenden, oder --allow-nonfinite, um sie unendlich werden zu lassen</translation>
        </message>
        <message>
            <source>use letters, digits and blanks</source>
            <translation>Buchstaben, Ziffern und Leerzeichen verwenden</translation>
        </message>
        <message>
            <source>values cannot be cast to {} here</source>
            <translation>Werte lassen sich hier nicht in {} umwandeln</translation>
        </message>
        <message>
            <source>values of these kinds were left out: {}</source>
            <translation>Werte dieser Arten blieben weg: {}</translation>
        </message>
        <message>
            <source>verifying</source>
            <translation>Prüfung</translation>
        </message>
        <message>
            <source>vid and txt have more tokens than vid_shape and txt_shape say</source>
            <translation>vid und txt haben mehr Token, als vid_shape und txt_shape sagen</translation>
        </message>
        <message>
            <source>vid_shape has more tokens than vid</source>
            <translation>vid_shape hat mehr Token als vid</translation>
        </message>
        <message>
            <source>wait for it, or name another output</source>
            <translation>auf ihn warten oder eine andere Ausgabe nennen</translation>
        </message>
        <message>
            <source>wait until the program that writes the file has finished</source>
            <translation>warten, bis das Programm fertig ist, das die Datei schreibt</translation>
        </message>
        <message>
            <source>warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>weight_map occurs twice</source>
            <translation>weight_map kommt zweimal vor</translation>
        </message>
        <message>
            <source>what is finished is kept: try again; the crash report says more</source>
            <translation>was fertig ist, bleibt erhalten: es erneut versuchen; der Absturzbericht sagt mehr</translation>
        </message>
        <message>
            <source>what is finished is kept; try again</source>
            <translation>was fertig ist, bleibt erhalten; es erneut versuchen</translation>
        </message>
        <message>
            <source>what is skipped becomes bfloat16 in convert-to-quant, unless --output-dtype names another type</source>
            <translation>was ausgelassen wird, wird in convert-to-quant zu bfloat16, wenn --output-dtype keinen anderen Typ nennt</translation>
        </message>
        <message>
            <source>what was watched</source>
            <translation>das Beobachtete</translation>
        </message>
        <message>
            <source>where a layer config says {}, convert-to-quant 1.3.4 stores FP8; 'mantissa ctq' takes it at its word</source>
            <translation>wo eine Layer-Konfiguration {} sagt, speichert convert-to-quant 1.3.4 FP8; „mantissa ctq“ nimmt sie beim Wort</translation>
        </message>
        <message>
            <source>which components are quantized is a setting of the plan, not a rule</source>
            <translation>welche Bestandteile quantisiert werden, ist eine Einstellung des Plans, keine Regel</translation>
        </message>
        <message>
            <source>without --resume it starts over</source>
            <translation>ohne --resume beginnt er neu</translation>
        </message>
        <message>
            <source>write \( and \) for plain parentheses</source>
            <translation>für einfache Klammern \( und \) schreiben</translation>
        </message>
        <message>
            <source>write it as in 'full_precision_matrix_mult': true, 'group_size': 64</source>
            <translation>schreiben wie in 'full_precision_matrix_mult': true, 'group_size': 64</translation>
        </message>
        <message>
            <source>write it without nested repetitions</source>
            <translation>es ohne verschachtelte Wiederholungen schreiben</translation>
        </message>
        <message>
            <source>write one prompt a line</source>
            <translation>einen Prompt je Zeile schreiben</translation>
        </message>
        <message>
            <source>x_embedder.proj.weight does not cut pictures into square patches</source>
            <translation>x_embedder.proj.weight teilt Bilder nicht in quadratische Kacheln</translation>
        </message>
        <message>
            <source>{0}.linear1 makes {1} features and {0}.linear2 takes {2}, which do not fit a block of {3} channels</source>
            <translation>{0}.linear1 macht {1} Merkmale und {0}.linear2 nimmt {2}, was zu einem Block von {3} Kanälen nicht passt</translation>
        </message>
        <message>
            <source>{} (compute capability {})</source>
            <translation>{} (Compute Capability {})</translation>
        </message>
        <message>
            <source>{} MB of float32 matrices and convolutions stay as they are; --output-dtype float16 or bfloat16 would halve them</source>
            <translation>{} MB an float32-Matrizen und -Faltungen bleiben, wie sie sind; --output-dtype float16 oder bfloat16 würde sie halbieren</translation>
        </message>
        <message>
            <source>{} activations</source>
            <translation>Aktivierungen in {}</translation>
        </message>
        <message>
            <source>{} after the last tensor were ignored</source>
            <translation>{} nach dem letzten Tensor wurden nicht beachtet</translation>
        </message>
        <message>
            <source>{} and {} more</source>
            <translation>{} und {} weitere</translation>
        </message>
        <message>
            <source>{} axes of positions for {} axis widths</source>
            <translation>{} Achsen von Positionen für {} Achsenbreiten</translation>
        </message>
        <message>
            <source>{} became {} tensors instead of {}</source>
            <translation>{} wurde zu {} Tensoren statt {}</translation>
        </message>
        <message>
            <source>{} bits</source>
            <translation>{} Bit</translation>
        </message>
        <message>
            <source>{} bytes</source>
            <translation>{} Byte</translation>
        </message>
        <message>
            <source>{} bytes after the last storage were ignored</source>
            <translation>{} Byte nach dem letzten Speicherbereich wurden nicht beachtet</translation>
        </message>
        <message>
            <source>{} bytes follow the last tensor, which nothing describes</source>
            <translation>{} Byte folgen auf den letzten Tensor, die nichts beschreibt</translation>
        </message>
        <message>
            <source>{} bytes that belong to no tensor were ignored</source>
            <translation>{} Byte, die zu keinem Tensor gehören, wurden nicht beachtet</translation>
        </message>
        <message>
            <source>{} cannot be cut into {}</source>
            <translation>{} lässt sich nicht in {} teilen</translation>
        </message>
        <message>
            <source>{} cannot be run: {}</source>
            <translation>{} lässt sich nicht starten: {}</translation>
        </message>
        <message>
            <source>{} cannot be {}</source>
            <translation>{} kann nicht {} werden</translation>
        </message>
        <message>
            <source>{} cannot share a file with other formats</source>
            <translation>{} kann keine Datei mit anderen Formaten teilen</translation>
        </message>
        <message>
            <source>{} claims to be {} bytes long, more than {}</source>
            <translation>{} soll {} Byte lang sein, mehr als {}</translation>
        </message>
        <message>
            <source>{} does not answer</source>
            <translation>{} antwortet nicht</translation>
        </message>
        <message>
            <source>{} does not end</source>
            <translation>{} endet nicht</translation>
        </message>
        <message>
            <source>{} does not make {} heads of {} channels</source>
            <translation>{} macht nicht {} Köpfe von {} Kanälen</translation>
        </message>
        <message>
            <source>{} does not take {} {}</source>
            <translation>{} nimmt {} {} nicht</translation>
        </message>
        <message>
            <source>{} double and {} single blocks are more than Chroma modulates</source>
            <translation>{} doppelte und {} einfache Blöcke sind mehr, als Chroma moduliert</translation>
        </message>
        <message>
            <source>{} failed</source>
            <translation>{} schlug fehl</translation>
        </message>
        <message>
            <source>{} for {}: {}</source>
            <translation>{} für {}: {}</translation>
        </message>
        <message>
            <source>{} got {} values that are not finite; they are left out</source>
            <translation>{} bekam {} Werte, die nicht endlich sind; sie bleiben weg</translation>
        </message>
        <message>
            <source>{} groups do not divide the {} channels of {}</source>
            <translation>{} Gruppen teilen die {} Kanäle von {} nicht</translation>
        </message>
        <message>
            <source>{} has another value of the metadata entry {}, which was ignored</source>
            <translation>{} hat einen anderen Wert des Metadaten-Eintrags {}; er wurde nicht beachtet</translation>
        </message>
        <message>
            <source>{} has another width or no second moments</source>
            <translation>{} hat eine andere Breite oder keine zweiten Momente</translation>
        </message>
        <message>
            <source>{} has blocks of {} columns, not {}</source>
            <translation>{} hat Blöcke von {} Spalten, nicht {}</translation>
        </message>
        <message>
            <source>{} has codes of 4 or 6 bits, not of {}</source>
            <translation>{} hat Codes von 4 oder 6 Bit, nicht von {}</translation>
        </message>
        <message>
            <source>{} has extremes that are not finite</source>
            <translation>{} hat äußerste Werte, die nicht endlich sind</translation>
        </message>
        <message>
            <source>{} has held-out tokens that are not finite</source>
            <translation>{} hat zurückgehaltene Token, die nicht endlich sind</translation>
        </message>
        <message>
            <source>{} has more than {} dimensions</source>
            <translation>{}: mehr als {} Dimensionen</translation>
        </message>
        <message>
            <source>{} has no gates for {}</source>
            <translation>{} hat keine Tore für {}</translation>
        </message>
        <message>
            <source>{} has no halves to swap</source>
            <translation>{} hat keine Hälften, die zu tauschen wären</translation>
        </message>
        <message>
            <source>{} has no native name</source>
            <translation>{} hat keinen ursprünglichen Namen</translation>
        </message>
        <message>
            <source>{} has no picture that belongs to {}</source>
            <translation>{} hat kein Bild, das zu {} gehört</translation>
        </message>
        <message>
            <source>{} has no place for an input clip: its runtimes scale the inputs as they come</source>
            <translation>{} hat keinen Platz für einen Eingabe-Schnitt: seine Laufzeiten skalieren die Eingaben, wie sie kommen</translation>
        </message>
        <message>
            <source>{} has no variant `{}`</source>
            <translation>{} hat keine Variante `{}`</translation>
        </message>
        <message>
            <source>{} has one scale for the whole matrix, not &quot;{}&quot; scaling</source>
            <translation>{} hat eine Skala für die ganze Matrix, keine Skalierung „{}“</translation>
        </message>
        <message>
            <source>{} has one scale per {}, not &quot;{}&quot; scaling</source>
            <translation>{} hat eine Skala je {}, keine Skalierung „{}“</translation>
        </message>
        <message>
            <source>{} has second moments that are not finite</source>
            <translation>{} hat zweite Momente, die nicht endlich sind</translation>
        </message>
        <message>
            <source>{} has sums or maxima that are not finite</source>
            <translation>{} hat Summen oder Höchstwerte, die nicht endlich sind</translation>
        </message>
        <message>
            <source>{} has the shape [{}], but LPIPS needs [{}]</source>
            <translation>{} hat die Form [{}], aber LPIPS braucht [{}]</translation>
        </message>
        <message>
            <source>{} has the shape {}, but must have {}</source>
            <translation>{} hat die Form {}, muss aber {} haben</translation>
        </message>
        <message>
            <source>{} has the unknown dtype {}</source>
            <translation>{}: der dtype {} ist unbekannt</translation>
        </message>
        <message>
            <source>{} has the unknown field {}</source>
            <translation>{}: das Feld {} ist unbekannt</translation>
        </message>
        <message>
            <source>{} has the unknown type {}</source>
            <translation>{} hat den unbekannten Typ {}</translation>
        </message>
        <message>
            <source>{} has two inputs</source>
            <translation>{} hat zwei Eingaben</translation>
        </message>
        <message>
            <source>{} has {} bytes</source>
            <translation>{} hat {} Byte</translation>
        </message>
        <message>
            <source>{} has {} bytes instead of {}</source>
            <translation>{} hat {} Byte statt {}</translation>
        </message>
        <message>
            <source>{} has {} dimensions, and must be a matrix</source>
            <translation>{} hat {} Dimensionen und muss eine Matrix sein</translation>
        </message>
        <message>
            <source>{} has {} dimensions, more than {}</source>
            <translation>{} hat {} Dimensionen, mehr als {}</translation>
        </message>
        <message>
            <source>{} has {} dimensions; a network of this kind needs more</source>
            <translation>{} hat {} Dimensionen; ein Netz dieser Art braucht mehr</translation>
        </message>
        <message>
            <source>{} has {} twice</source>
            <translation>{}: {} steht zweimal da</translation>
        </message>
        <message>
            <source>{} heads do not divide {} channels</source>
            <translation>{} Köpfe teilen {} Kanäle nicht</translation>
        </message>
        <message>
            <source>{} holds NaN or infinity in {} of its weights from row {} on</source>
            <translation>{} enthält NaN oder unendlich in {} seiner Gewichte ab Zeile {}</translation>
        </message>
        <message>
            <source>{} in the file of embeddings must have {} dimensions, and one row or one for each of {} texts</source>
            <translation>{} in der Datei mit Einbettungen muss {} Dimensionen haben, und eine Zeile oder eine für jeden von {} Texten</translation>
        </message>
        <message>
            <source>{} is a matrix of {} by {}</source>
            <translation>{} ist eine Matrix von {} mal {}</translation>
        </message>
        <message>
            <source>{} is a rotated format: ConvRot cannot be off</source>
            <translation>{} ist ein gedrehtes Format: ConvRot lässt sich nicht abschalten</translation>
        </message>
        <message>
            <source>{} is always dequantized before it is multiplied: its settings have no key for that</source>
            <translation>{} wird immer dequantisiert, bevor multipliziert wird: seine Einstellungen haben dafür keinen Schlüssel</translation>
        </message>
        <message>
            <source>{} is empty</source>
            <translation>{} ist leer</translation>
        </message>
        <message>
            <source>{} is expected at character {} of &quot;{}&quot;</source>
            <translation>{} wird an Zeichen {} von „{}“ erwartet</translation>
        </message>
        <message>
            <source>{} is in the header table but has no comfy_quant tensor</source>
            <translation>{} steht in der Tabelle im Kopf, hat aber keinen comfy_quant-Tensor</translation>
        </message>
        <message>
            <source>{} is marked as {} but has no {}</source>
            <translation>{} ist als {} gekennzeichnet, hat aber kein {}</translation>
        </message>
        <message>
            <source>{} is marked as {} but has {} dimensions instead of 2</source>
            <translation>{} ist als {} gekennzeichnet, hat aber {} Dimensionen statt 2</translation>
        </message>
        <message>
            <source>{} is missing</source>
            <translation>{} fehlt</translation>
        </message>
        <message>
            <source>{} is missing in the header table</source>
            <translation>{} fehlt in der Tabelle im Kopf</translation>
        </message>
        <message>
            <source>{} is none of {}</source>
            <translation>{} ist keines von {}</translation>
        </message>
        <message>
            <source>{} is not a JSON object</source>
            <translation>{} ist kein JSON-Objekt</translation>
        </message>
        <message>
            <source>{} is not a key that this object can have</source>
            <translation>{} ist kein Schlüssel, den dieses Objekt haben kann</translation>
        </message>
        <message>
            <source>{} is not a list of dimensions</source>
            <translation>{} ist keine Liste von Dimensionen</translation>
        </message>
        <message>
            <source>{} is not a single number</source>
            <translation>{} ist keine einzelne Zahl</translation>
        </message>
        <message>
            <source>{} is not in the table; name its compute capability (&quot;sm_89&quot;)</source>
            <translation>{} steht nicht in der Tabelle; nennen Sie die Compute Capability („sm_89“)</translation>
        </message>
        <message>
            <source>{} is out of place</source>
            <translation>{} ist hier fehl am Platz</translation>
        </message>
        <message>
            <source>{} is out of range</source>
            <translation>{} liegt außerhalb des Bereichs</translation>
        </message>
        <message>
            <source>{} is scaled by &quot;block&quot; or &quot;nested&quot;, not by &quot;{}&quot;</source>
            <translation>{} wird nach „block“ oder „nested“ skaliert, nicht nach „{}“</translation>
        </message>
        <message>
            <source>{} is scaled by &quot;row&quot; or by &quot;tensor&quot;, not by &quot;{}&quot;</source>
            <translation>{} wird nach „row“ oder nach „tensor“ skaliert, nicht nach „{}“</translation>
        </message>
        <message>
            <source>{} is stored as {}, but must be {}</source>
            <translation>{} ist als {} gespeichert, muss aber {} sein</translation>
        </message>
        <message>
            <source>{} is stored as {}, which a network cannot use</source>
            <translation>{} ist als {} gespeichert, was ein Netz nicht benutzen kann</translation>
        </message>
        <message>
            <source>{} is stored as {}, which cannot be copied to another file</source>
            <translation>{} ist als {} gespeichert, was sich nicht in eine andere Datei kopieren lässt</translation>
        </message>
        <message>
            <source>{} is stored as {}, which cannot be decoded</source>
            <translation>{} ist als {} gespeichert, was sich nicht decodieren lässt</translation>
        </message>
        <message>
            <source>{} is stored as {}, which cannot be decoded yet</source>
            <translation>{} ist als {} gespeichert, was sich noch nicht decodieren lässt</translation>
        </message>
        <message>
            <source>{} is too long</source>
            <translation>{} ist zu lang</translation>
        </message>
        <message>
            <source>{} is written by plain rounding only</source>
            <translation>{} wird nur durch einfaches Runden geschrieben</translation>
        </message>
        <message>
            <source>{} is {} [{}], and must be {} [{}]</source>
            <translation>{} ist {} [{}] und muss {} [{}] sein</translation>
        </message>
        <message>
            <source>{} is {}, and must hold a square of positions of {} channels</source>
            <translation>{} ist {} und muss ein Quadrat von Positionen mit {} Kanälen enthalten</translation>
        </message>
        <message>
            <source>{} is {}, and must hold {} rows of {}</source>
            <translation>{} ist {} und muss {} Zeilen von {} enthalten</translation>
        </message>
        <message>
            <source>{} keeps the keys of diffusers: {}</source>
            <translation>{} behält die Schlüssel von diffusers: {}</translation>
        </message>
        <message>
            <source>{} lacks dtype, shape or data_offsets</source>
            <translation>{}: dtype, shape oder data_offsets fehlen</translation>
        </message>
        <message>
            <source>{} layers have shapes for which their format has no calibrated methods, and are quantized without data</source>
            <translation>{} Schichten haben Formen, für die ihr Format keine kalibrierten Verfahren hat, und werden ohne Daten quantisiert</translation>
        </message>
        <message>
            <source>{} layers moved from the older scaled_fp8 convention to comfy_quant</source>
            <translation>{} Schichten wurden von der älteren Schreibweise scaled_fp8 auf comfy_quant umgestellt</translation>
        </message>
        <message>
            <source>{} layers were decoded to {}</source>
            <translation>{} Schichten wurden zu {} decodiert</translation>
        </message>
        <message>
            <source>{} makes {} features, where the network needs {}</source>
            <translation>{} macht {} Merkmale, wo das Netz {} braucht</translation>
        </message>
        <message>
            <source>{} models cannot generate here</source>
            <translation>Modelle der Art {} können hier nicht zeichnen</translation>
        </message>
        <message>
            <source>{} multiplies with int4 or int8 activations, not &quot;{}&quot;</source>
            <translation>{} multipliziert mit Aktivierungen in int4 oder int8, nicht „{}“</translation>
        </message>
        <message>
            <source>{} must be a string</source>
            <translation>{} muss ein Text sein</translation>
        </message>
        <message>
            <source>{} must be described by an object, but is {}</source>
            <translation>{}: muss durch ein Objekt beschrieben werden, ist aber {}</translation>
        </message>
        <message>
            <source>{} must be true or false</source>
            <translation>{} muss wahr oder falsch sein</translation>
        </message>
        <message>
            <source>{} must divide the {} input features</source>
            <translation>{} muss die {} Eingangsmerkmale teilen</translation>
        </message>
        <message>
            <source>{} needs a format, or &quot;skip&quot;: true</source>
            <translation>{} braucht ein Format oder &quot;skip&quot;: true</translation>
        </message>
        <message>
            <source>{} networks cannot be run yet</source>
            <translation>Netze der Art {} laufen noch nicht</translation>
        </message>
        <message>
            <source>{} norms {} channels, and gets {}</source>
            <translation>{} normiert {} Kanäle und bekommt {}</translation>
        </message>
        <message>
            <source>{} of its values decode to NaN or infinity</source>
            <translation>{} seiner Werte werden beim Decodieren NaN oder unendlich</translation>
        </message>
        <message>
            <source>{} of {} blocks have a table of positions</source>
            <translation>{} von {} Blöcken haben eine Tabelle der Positionen</translation>
        </message>
        <message>
            <source>{} of {} layers are not in the statistics and are quantized without data</source>
            <translation>{} von {} Schichten stehen nicht in der Statistik und werden ohne Daten quantisiert</translation>
        </message>
        <message>
            <source>{} rotary axes in place of 3</source>
            <translation>{} Drehachsen statt 3</translation>
        </message>
        <message>
            <source>{} rotary axes in place of {}</source>
            <translation>{} Drehachsen statt {}</translation>
        </message>
        <message>
            <source>{} says &quot;{}&quot; of a GPU's memory</source>
            <translation>{} sagt „{}“ zum Speicher einer GPU</translation>
        </message>
        <message>
            <source>{} steps cannot be sampled</source>
            <translation>mit {} Schritten lässt sich nicht zeichnen</translation>
        </message>
        <message>
            <source>{} takes blocks of {}, not {}</source>
            <translation>{} nimmt Blöcke von {}, nicht {}</translation>
        </message>
        <message>
            <source>{} takes branches of rank {}, not {}</source>
            <translation>{} nimmt Zweige vom Rang {}, nicht {}</translation>
        </message>
        <message>
            <source>{} takes groups of {} columns, not {}</source>
            <translation>{} nimmt Gruppen von {} Spalten, nicht {}</translation>
        </message>
        <message>
            <source>{} takes tiles of {}, not {}</source>
            <translation>{} nimmt Kacheln von {}, nicht {}</translation>
        </message>
        <message>
            <source>{} takes {} channels, and gets {}</source>
            <translation>{} nimmt {} Kanäle und bekommt {}</translation>
        </message>
        <message>
            <source>{} takes {} features, and gets {}</source>
            <translation>{} nimmt {} Merkmale und bekommt {}</translation>
        </message>
        <message>
            <source>{} tensors are not listed in the index; they were taken along</source>
            <translation>{} Tensoren stehen nicht im Index; sie wurden mitgenommen</translation>
        </message>
        <message>
            <source>{} tensors cast to {}</source>
            <translation>{} Tensoren in {} umgewandelt</translation>
        </message>
        <message>
            <source>{} tensors were decoded to {}, since safetensors cannot hold them as they are</source>
            <translation>{} Tensoren wurden zu {} decodiert, weil safetensors sie nicht fassen kann, wie sie sind</translation>
        </message>
        <message>
            <source>{} tokens are too many for a text encoder of {} positions</source>
            <translation>{} Token sind zu viele für einen Text-Encoder mit {} Positionen</translation>
        </message>
        <message>
            <source>{} values cannot be converted to numbers here</source>
            <translation>{}-Werte lassen sich hier nicht in Zahlen umwandeln</translation>
        </message>
        <message>
            <source>{} was ignored: it is {}</source>
            <translation>{} wurde nicht beachtet: es ist {}</translation>
        </message>
        <message>
            <source>{} was left out in favour of {}</source>
            <translation>{} blieb weg zugunsten von {}</translation>
        </message>
        <message>
            <source>{} was planned as {}, which cannot be</source>
            <translation>{} war als {} geplant, was nicht geht</translation>
        </message>
        <message>
            <source>{} weights + {} activations ({} × {} bytes × {} tokens × {} channels in and out of the widest layer) + {} for the largest layer in 16 bits + {} runtime</source>
            <translation>{} Gewichte + {} Aktivierungen ({} × {} Byte × {} Token × {} Kanäle in und aus der breitesten Schicht) + {} für die größte Schicht in 16 Bit + {} Laufzeit</translation>
        </message>
        <message>
            <source>{} weights are NaN or infinity</source>
            <translation>{} Gewichte sind NaN oder unendlich</translation>
        </message>
        <message>
            <source>{} {} has a control character</source>
            <translation>{} {} enthält ein Steuerzeichen</translation>
        </message>
        <message>
            <source>{} {} is not valid UTF-8 text</source>
            <translation>{} {} ist kein gültiger UTF-8-Text</translation>
        </message>
        <message>
            <source>{}, byte {}</source>
            <translation>{}, Byte {}</translation>
        </message>
        <message>
            <source>{}, byte {} of {}</source>
            <translation>{}, Byte {} von {}</translation>
        </message>
        <message>
            <source>{}.in_proj takes {} features, which are no three sinusoids</source>
            <translation>{}.in_proj nimmt {} Merkmale, was keine drei Sinuskurven sind</translation>
        </message>
        <message>
            <source>{}.weight is {}, which cuts neither pictures nor video into patches</source>
            <translation>{}.weight ist {}, was weder Bilder noch Video in Kacheln teilt</translation>
        </message>
        <message>
            <source>{}.{} does not fit {} heads</source>
            <translation>{}.{} passt nicht zu {} Köpfen</translation>
        </message>
        <message>
            <source>{}.{} is {}, and must have {} channels</source>
            <translation>{}.{} ist {} und muss {} Kanäle haben</translation>
        </message>
        <message>
            <source>{}: &quot;{}&quot; is {} in the header table but {} in its comfy_quant tensor; loaders follow the table</source>
            <translation>{}: „{}“ ist {} in der Tabelle im Kopf, aber {} im comfy_quant-Tensor; Lader folgen der Tabelle</translation>
        </message>
        <message>
            <source>{}: layers could not be compared: {}</source>
            <translation>{}: die Schichten ließen sich nicht vergleichen: {}</translation>
        </message>
        <message>
            <source>{}: mean {} {} is {} the limit of {:g}</source>
            <translation>{}: Mittel von {}: {} liegt {} der Grenze {}</translation>
        </message>
        <message>
            <source>{}: no GPU was found or named, and every loader can dequantize it</source>
            <translation>{}: es wurde keine GPU gefunden oder genannt, und jeder Lader kann es dequantisieren</translation>
        </message>
        <message>
            <source>{}: {} is not defined for these pictures</source>
            <translation>{}: {} ist für diese Bilder nicht definiert</translation>
        </message>
    </context>
</TS>
