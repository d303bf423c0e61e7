# The store: what happened, what to do.
store-busy = Le dossier de données { $dir } est déjà ouvert par un autre processus (le service tourne peut-être). Arrêtez-le, ou utilisez une commande qui lui parle.
store-newer = Le dossier de données { $dir } a été écrit par une version plus récente (format { $found }; celle-ci connaît le format { $known }). Installez la version récente.
store-full = Le disque de { $dir } est plein. Rien de ce qui a été confirmé n’est perdu : libérez de l’espace, puis relancez.
store-io = Le dossier de données { $dir } ne peut pas être lu ou écrit ({ $what } : { $error }). Vérifiez les droits et le disque.
store-damaged = Le dossier de données { $dir } est endommagé ({ $what }). Mettez-le de côté, puis « greffier store restore SAUVEGARDE »; aucun envoi ne sera répété.
store-wrong-turn = Cela n’est pas possible dans l’état actuel du fil ({ $turn }).
store-not-empty = { $dir } existe déjà. Donnez un dossier qui n’existe pas encore.
store-verified = Journal intact : { $events } événements, { $purged } purgés, { $blobs } messages relus. Dernier maillon : { $link }
store-problems =
    Le journal a { $count ->
        [one] { $count } défaut
       *[other] { $count } défauts
    } :
store-rebuilt =
    { $count ->
        [one] { $count } fil reconstruit
       *[other] { $count } fils reconstruits
    } à partir du journal.
store-backed-up = Sauvegarde écrite dans { $to } : { $events } événements, { $messages } messages.
store-exported = Exportation écrite dans { $to } : { $events } événements, { $messages } messages.
store-restored = Restauré dans { $dir }. Les lettres qui attendaient un envoi sont marquées incertaines : une personne doit les régler.
store-purged = Le contenu du fil { $id } est détruit pour de bon. Le journal garde la trace de la destruction; les sauvegardes antérieures contiennent encore le fil.
